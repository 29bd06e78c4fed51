// Starts `hfscan lsp`, and tells it whether the folder is trusted.

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
        // The server asks for the section `hfscan`; trust is no setting, but the editor's own.
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
    const words = `hfscan cannot be started (${error.message}). Is it installed, and is the setting hfscan.path right?`;
    vscode.window.showErrorMessage(words);
  });
}

/** The settings that the server knows. */
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
  // One that never started has nothing to stop.
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
