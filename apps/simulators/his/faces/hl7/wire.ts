import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

// MLLP as the HIS speaks it: 0x0B, the message, 0x1C 0x0D.

const MAX_BYTES = 2_097_152
const END = Buffer.from([0x1c, 0x0d])

const wrap = (message: Buffer): Buffer => Buffer.concat([Buffer.from([0x0b]), message, END])

/** What goes back: bytes, or null for a connection that is cut. */
export type WireAnswer = { bytes: Buffer | null; delayMs: number }

export type Listener = { port: number; close: () => Promise<void> }

/** Listens on loopback; the messages of a connection are answered one after the other. */
export async function listen(
  port: number,
  answer: (message: Buffer) => WireAnswer,
): Promise<Listener> {
  const sockets = new Set<Socket>()
  const closing = new AbortController()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    void converse(socket, answer, closing.signal).catch(() => socket.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close }

  async function close(): Promise<void> {
    closing.abort()
    const closed = new Promise((done) => server.close(done))
    for (const socket of sockets) socket.destroy()
    await closed
  }
}

async function converse(
  socket: Socket,
  answer: (message: Buffer) => WireAnswer,
  signal: AbortSignal,
): Promise<void> {
  for await (const message of messagesOf(socket)) {
    const { bytes, delayMs } = answer(message)
    if (delayMs > 0) await sleep(delayMs, null, { signal })
    if (bytes === null || signal.aborted) return void socket.destroy()
    socket.write(wrap(bytes))
  }
  socket.end()
}

/** The messages in the order they come. Ends with the connection, and at what is no frame. */
async function* messagesOf(socket: Socket): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = []
  let size = 0
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MAX_BYTES) return
    if (!chunk.includes(0x1c) && chunk[0] !== 0x0d) continue
    let rest = Buffer.concat(chunks)
    for (let end = rest.indexOf(END); end !== -1; end = rest.indexOf(END)) {
      const start = rest.indexOf(0x0b)
      if (start === -1 || start > end) return
      yield rest.subarray(start + 1, end)
      rest = rest.subarray(end + END.length)
    }
    chunks = [rest]
    size = rest.length
  }
}

/** Sends one message over a connection of its own; null when no answer came in time. */
export async function sendAndHear(
  { host, port }: { host: string; port: number },
  message: Buffer,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<Buffer | null> {
  const socket = connect({ host, port })
  const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), signal])
  const cut = () => socket.destroy()
  limit.addEventListener('abort', cut)
  socket.on('error', cut)
  try {
    socket.write(wrap(message))
    for await (const answer of messagesOf(socket)) return answer
    return null
  } catch {
    return null
  } finally {
    limit.removeEventListener('abort', cut)
    socket.destroy()
  }
}
