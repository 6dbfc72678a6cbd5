import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

import { assert } from '../../../kernel/assert.ts'

export type BareSocket = {
  send: (count: number, inFlight: number) => Promise<void>
  close: () => Promise<void>
}

/** What a socket carries of the same bytes: nothing is read in them, they are only counted. */
export async function openBareSocket(
  messageBytes: number,
  answerBytes: number,
): Promise<BareSocket> {
  const answer = Buffer.alloc(answerBytes, 'A')
  const message = Buffer.alloc(messageBytes, 'M')
  const server = createServer({ noDelay: true }, (socket) => {
    let heard = 0
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      heard += chunk.length
      for (; heard >= messageBytes; heard -= messageBytes) socket.write(answer)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  return { send, close }

  async function send(count: number, inFlight: number): Promise<void> {
    let sent = 0
    let heard = 0
    await new Promise<void>((done) => {
      const hear = (chunk: Buffer) => {
        heard += chunk.length
        assert(heard <= sent * answerBytes, 'no more is answered than was asked')
        if (heard === count * answerBytes) {
          socket.off('data', hear)
          done()
        } else fill()
      }
      const fill = () => {
        while (sent < count && sent - Math.floor(heard / answerBytes) < inFlight) {
          sent += 1
          socket.write(message)
        }
      }
      socket.on('data', hear)
      fill()
    })
  }

  async function close(): Promise<void> {
    socket.destroy()
    await new Promise((closed) => server.close(closed))
  }
}
