// Starts `hfscan lsp`, and passes the trust of the workspace to it.

const vscode = require("vscode");
const { LanguageClient, RevealOutputChannelOn } = require("vscode-languageclient/node");

let client;

function start() {
  const settings = vscode.workspace.getConfiguration("hfscan");
  const isolated = () => !vscode.workspace.isTrusted;
  const server = { command: settings.get("path") || "hfscan", args: ["lsp"] };
  client = new LanguageClient("hfscan", "hfscan", server, {
    documentSelector: [
      { scheme: "file" },
      { scheme: "untitled" },
      { notebook: "jupyter-notebook" },
    ],
    initializationOptions: { ...plain(settings), isolated: isolated() },
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: {
      workspace: {
        // The server requests the section `hfscan`; trust is not a setting, so it is added here.
        configuration: async (params, token, next) => {
          const answers = await next(params, token);
          return Array.isArray(answers)
            ? answers.map((one) => ({ ...one, isolated: isolated() }))
            : answers;
        },
      },
    },
  });
  return client.start().catch((error) => {
    const words = `hfscan cannot be started (${error.message}). Is it installed, and is the setting hfscan.path correct?`;
    vscode.window.showErrorMessage(words);
  });
}

/** The settings supported by the server. */
function plain(settings) {
  const names = ["enable", "configuration", "select", "ignore", "minSeverity", "run", "showIgnored"];
  return Object.fromEntries(names.map((name) => [name, settings.get(name)]));
}

async function restart() {
  await stop();
  await start();
}

async function stop() {
  const old = client;
  client = undefined;
  // A client that never started rejects.
  await old?.dispose().catch(() => {});
}

exports.activate = async (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand("hfscan.restart", restart),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("hfscan.path")) return restart();
      const isOurs = event.affectsConfiguration("hfscan");
      return isOurs && client?.sendNotification("workspace/didChangeConfiguration", { settings: null });
    }),
  );
  await start();
};

exports.deactivate = stop;
