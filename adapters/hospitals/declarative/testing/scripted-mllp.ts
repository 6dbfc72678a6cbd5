import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

import iconv from 'iconv-lite'

/** What goes back over the line: a message in a frame, bytes as they are, or a byte now and then without an end. */
export type LineReply = { text: string } | { bytes: Buffer } | { drip: true } | { silent: true }

const [START, END] = [Buffer.from([0x0b]), Buffer.from([0x1c, 0x0d])]

/** An HL7 system on loopback that answers as the test says; `controlId` is that of what came. */
export async function startScriptedMllp() {
  const silence = (_controlId: string): LineReply => ({ silent: true })
  const line = { port: 0, answer: silence, came: [] as string[], close }
  const sockets = new Set<Socket>()
  const drips = new Set<NodeJS.Timeout>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    let heard = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk])
      for (let end = heard.indexOf(END); end !== -1; end = heard.indexOf(END)) {
        const text = iconv.decode(heard.subarray(1, end), 'gb18030')
        heard = heard.subarray(end + END.length)
        line.came.push(text)
        reply(socket, line.answer(text.split('|')[9] ?? ''))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  line.port = (server.address() as AddressInfo).port
  return line

  function reply(socket: Socket, said: LineReply): void {
    if ('text' in said) {
      socket.write(Buffer.concat([START, iconv.encode(said.text, 'gb18030'), END]))
    } else if ('bytes' in said) socket.write(said.bytes)
    else if ('drip' in said) {
      socket.write(START)
      drips.add(setInterval(() => socket.write('M'), 50))
    }
  }

  async function close(): Promise<void> {
    for (const drip of drips) clearInterval(drip)
    for (const socket of sockets) socket.destroy()
    const closed = once(server, 'close')
    server.close()
    await closed
  }
}
