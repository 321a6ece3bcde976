//! Bounds the length of a message from a client, so that a client cannot exhaust the memory.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, ReadBuf};

/// Maximum length of a message in bytes. The longest call of a tool has a few hundred bytes.
pub(super) const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// Reader of the messages of a client, one message per line. Reading fails at a line of more than [`MAX_MESSAGE_BYTES`]
/// bytes.
#[derive(Debug)]
pub(super) struct BoundedMessageInput<R> {
    reader: R,
    /// Number of bytes of the current line that have been read.
    line_bytes: usize,
    /// Whether a line was longer than [`MAX_MESSAGE_BYTES`].
    is_line_too_long: Arc<AtomicBool>,
}

impl<R> BoundedMessageInput<R> {
    /// Returns the input, and a flag that is set when a line is too long.
    pub(super) fn new(reader: R) -> (Self, Arc<AtomicBool>) {
        let is_line_too_long = Arc::new(AtomicBool::new(false));
        (
            Self { reader, line_bytes: 0, is_line_too_long: Arc::clone(&is_line_too_long) },
            is_line_too_long,
        )
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for BoundedMessageInput<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let old_length = buffer.filled().len();
        ready!(Pin::new(&mut self.reader).poll_read(context, buffer))?;
        let new_bytes = buffer.filled().get(old_length..).unwrap_or_default();
        self.line_bytes = match new_bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(line_end) => new_bytes.len() - line_end - 1,
            None => self.line_bytes + new_bytes.len(),
        };
        if self.line_bytes > MAX_MESSAGE_BYTES {
            self.is_line_too_long.store(true, Ordering::Relaxed);
            return Poll::Ready(Err(io::Error::from(io::ErrorKind::InvalidData)));
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    /// Reads the input in steps of 4 KiB. Returns whether reading reaches the end without an error.
    fn is_read_completely(input: &[u8]) -> bool {
        let (mut input, is_line_too_long) = BoundedMessageInput::new(input);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            let mut bytes = [0; 4_096];
            let mut buffer = ReadBuf::new(&mut bytes);
            match Pin::new(&mut input).poll_read(&mut context, &mut buffer) {
                Poll::Ready(Ok(())) if buffer.filled().is_empty() => return true,
                Poll::Ready(Ok(())) => {}
                _ => {
                    assert!(is_line_too_long.load(Ordering::Relaxed));
                    return false;
                }
            }
        }
    }

    #[test]
    fn the_length_of_each_message_is_limited_but_not_their_total() {
        let line = [vec![b'x'; MAX_MESSAGE_BYTES - 1], vec![b'\n']].concat();
        assert!(is_read_completely(b""));
        assert!(is_read_completely(&line.repeat(3)));
        assert!(!is_read_completely(
            &[line.as_slice(), &vec![b'x'; MAX_MESSAGE_BYTES + 1]].concat()
        ));
    }
}
