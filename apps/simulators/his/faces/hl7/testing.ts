import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

import iconv from 'iconv-lite'

import { type TestClock, testOptions, world } from '../../testing.ts'
import { type Hl7Options, type Hl7Simulator, startHl7His } from './start.ts'

// A hub for tests, written from the protocol's page alone, that builds its messages by hand.

export const startTestHl7 = (
  clock: TestClock,
  options: Partial<Hl7Options> = {},
): Promise<Hl7Simulator> =>
  startHl7His({ ...testOptions(clock), mllpPort: 0, hubMllp: null, ...options })

const START = Buffer.from([0x0b])
const END = Buffer.from([0x1c, 0x0d])

/** Sends bytes in a frame and gives the answer's segments, split at '|'; null when the connection was cut. */
export async function exchange(port: number, message: Buffer): Promise<string[][] | null> {
  const text = await exchangeText(port, message)
  return text === null ? null : rowsOf(text)
}

async function exchangeText(port: number, message: Buffer): Promise<string | null> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(Buffer.concat([START, message, END]))
  const heard: Buffer[] = []
  socket.on('data', (chunk) => {
    heard.push(chunk)
    if (Buffer.concat(heard).includes(END)) socket.end()
  })
  await once(socket, 'close')
  const bytes = Buffer.concat(heard)
  return bytes.includes(END) ? iconv.decode(bytes.subarray(1, -2), 'gb18030') : null
}

const rowsOf = (text: string): string[][] =>
  text
    .split('\r')
    .filter((line) => line !== '')
    .map((line) => line.split('|'))

let count = 0

/** A message of the hub's in GB 18030, with a control id of its own. */
export function messageOf(
  type: string,
  rows: readonly string[],
  controlId = `T${(count += 1)}`,
): Buffer {
  const head = `MSH|^~\\&|HUB|YIQIAO|YQHIS|H|20261123080000||${type}|${controlId}|P|2.5||||||GB 18030-2000`
  return iconv.encode([head, ...rows, ''].join('\r'), 'gb18030')
}

export const rowNamed = (rows: readonly (readonly string[])[] | null, name: string) =>
  rows?.find(([first]) => first === name) ?? []

/** A hub that hears messages and answers them as the test says; undefined for silence. */
export async function openTestHub(answer: (rows: string[][]) => string | undefined) {
  const heard: string[][][] = []
  const server = createServer((socket) => {
    const chunks: Buffer[] = []
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      const bytes = Buffer.concat(chunks)
      if (!bytes.includes(END)) return
      const rows = rowsOf(iconv.decode(bytes.subarray(1, -2), 'gb18030'))
      heard.push(rows)
      const code = answer(rows)
      const ack = `MSH|^~\\&|HUB|YIQIAO|||20261123080000||ACK|A1|P|2.5\rMSA|${code}|${rows[0]?.[9]}\r`
      if (code === undefined) socket.destroy()
      else socket.end(Buffer.concat([START, Buffer.from(ack), END]))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = () => new Promise((done) => server.close(done))
  return { heard, hub: { host: '127.0.0.1', port }, close }
}

/** Somebody with a card of the hospital. */
export function cardHolder(i = 0) {
  const people = world.people.filter((p) => p.media.hospitalCards.some((c) => c.hospitalId === 1))
  const person = people[i]
  if (!person) throw new Error('people have cards here')
  return { ...person, patientNo: `P01${String(person.no).padStart(8, '0')}` }
}
