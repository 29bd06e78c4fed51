//! Unpacks on a separate thread while the unpacked bytes are scanned.

use std::{
    io::{self, Read},
    sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
};

/// Size of a block in bytes, large enough that passing it costs little.
const BLOCK: usize = 256 << 10;
/// Maximum number of waiting blocks: 2 MiB in total.
const WAITING: usize = 8;

/// Calls `take` with a reader of the bytes of `packed`, which another thread reads ahead.
pub fn read_ahead<T>(
    mut packed: impl Read + Send,
    take: impl FnOnce(&mut (dyn Read + Send)) -> T,
) -> T {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(WAITING);
        let (spent, to_reuse) = channel();
        scope.spawn(move || send_all(&mut packed, &sender, &to_reuse));
        // When `take` returns, the receiver is dropped, which ends the thread.
        take(&mut Ahead { receiver, spent, block: Block::default(), at: 0 })
    })
}

/// A reusable block of bytes.
#[derive(Debug, Default)]
struct Block {
    memory: Vec<u8>,
    len: usize,
}

fn send_all(
    packed: &mut dyn Read,
    sender: &SyncSender<io::Result<Block>>,
    to_reuse: &Receiver<Vec<u8>>,
) {
    loop {
        let memory = to_reuse.try_recv().unwrap_or_else(|_| vec![0; BLOCK]);
        let mut block = Block { memory, len: 0 };
        let read = block.fill(packed);
        let is_done = block.len == 0 || read.is_err();
        // The bytes before an error are scanned.
        if block.len > 0 && sender.send(Ok(block)).is_err() {
            return;
        }
        if let Err(error) = read {
            // The receiver may already be dropped.
            let _ = sender.send(Err(error));
        }
        if is_done {
            return;
        }
    }
}

impl Block {
    fn fill(&mut self, packed: &mut dyn Read) -> io::Result<()> {
        while self.len < self.memory.len() {
            match packed.read(&mut self.memory[self.len..]) {
                Ok(0) => break,
                Ok(count) => self.len += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The bytes read by another thread.
struct Ahead {
    receiver: Receiver<io::Result<Block>>,
    spent: Sender<Vec<u8>>,
    block: Block,
    at: usize,
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.block.len {
            // Without a sender, no more blocks follow.
            let Ok(block) = self.receiver.recv() else { return Ok(0) };
            let spent = std::mem::replace(&mut self.block, block?);
            self.at = 0;
            if !spent.memory.is_empty() {
                // The thread may have ended.
                let _ = self.spent.send(spent.memory);
            }
        }
        let rest = &self.block.memory[self.at..self.block.len];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Yields some bytes, and then an error.
    struct Broken(usize);

    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.min(buffer.len());
            self.0 -= count;
            buffer[..count].fill(b'x');
            if count == 0 { Err(io::Error::other("broken")) } else { Ok(count) }
        }
    }

    #[test]
    fn all_that_comes_before_an_error_is_handed_over_and_then_the_error() {
        let mut bytes = Vec::new();
        let read = read_ahead(Broken(BLOCK * 3 + 5), |reader| reader.read_to_end(&mut bytes));
        assert_eq!(read.expect_err("it breaks").to_string(), "broken");
        assert_eq!(bytes.len(), BLOCK * 3 + 5);
    }

    #[test]
    fn whoever_has_enough_does_not_wait_for_the_rest() {
        let mut first = [0; 3];
        read_ahead(io::repeat(7), |reader| reader.read_exact(&mut first)).expect("there is more");
        assert_eq!(first, [7; 3]);
    }
}
