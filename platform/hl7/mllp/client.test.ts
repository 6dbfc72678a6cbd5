import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, describe, expect, it } from 'vitest'

import { segmentOf, textAt, valueAt } from '../message.ts'
import { MllpClient, type MllpClientOptions } from './client.ts'
import { createDeframer, framed } from './frames.ts'
import { closeAll, closing, messageOf, openHub } from './testing.ts'

afterEach(closeAll)

const clientOf = (port: number, options: Partial<MllpClientOptions> = {}): MllpClient => {
  const client = new MllpClient({
    host: '127.0.0.1',
    port,
    defaultCharset: 'UNICODE UTF-8',
    connectTimeoutMs: 2_000,
    answerTimeoutMs: 5_000,
    ...options,
  })
  closing.push(() => client.close(0))
  return client
}

/** Another side that does to each frame what the test says. */
async function openPeer(
  react: (socket: Socket, frame: Buffer, no: number) => void,
): Promise<number> {
  let no = 0
  const sockets = new Set<Socket>()
  const peer: Server = createServer((socket) => {
    sockets.add(socket)
    const deframer = createDeframer(1_000_000)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const frame of deframer.push(chunk).frames) react(socket, frame, (no += 1))
    })
  })
  peer.listen(0, '127.0.0.1')
  await once(peer, 'listening')
  closing.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((done) => peer.close(done))
  })
  const address = peer.address()
  return typeof address === 'object' && address ? address.port : 0
}

const controlIdIn = (frame: Buffer) => frame.toString().split('|')[9] ?? ''
const ackTo = (frame: Buffer, id = controlIdIn(frame)) =>
  framed(Buffer.from(`MSH|^~\\&|||||||ACK|A|P|2.5\rMSA|AA|${id}\r`))

describe('the client', () => {
  it('keeps one connection, and sends one after the other', async () => {
    const { server, handled } = await openHub()
    const client = clientOf(server.port)
    const ids = Array.from({ length: 50 }, (_, i) => `M${i}`)
    const answers = await Promise.all(ids.map((id) => client.send(messageOf(id), id)))
    const codes = answers.map(
      (a) => a.kind === 'answered' && valueAt(segmentOf(a.message, 'MSA'), 2),
    )
    expect(codes).toEqual(ids)
    expect(handled).toEqual(ids)
  })

  it('has several under way, and knows their answers by MSA-2', async () => {
    const held: Buffer[] = []
    const port = await openPeer((socket, frame) => {
      held.push(frame)
      if (held.length === 3)
        socket.write(
          Buffer.concat(
            held
              .splice(0)
              .toReversed()
              .map((f) => ackTo(f)),
          ),
        )
    })
    const client = clientOf(port, { inFlight: 3 })
    const ids = ['M1', 'M2', 'M3', 'M4', 'M5', 'M6']
    const answers = await Promise.all(ids.map((id) => client.send(messageOf(id), id)))
    const told = answers.map((a) => a.kind === 'answered' && textAt(segmentOf(a.message, 'MSA'), 2))
    expect(told).toEqual(ids)
  })

  it('connects again after the connection was lost', async () => {
    const port = await openPeer((socket, frame, no) => {
      if (no === 2) socket.destroy()
      else socket.write(ackTo(frame))
    })
    const client = clientOf(port)
    const kinds = []
    for (const id of ['M1', 'M2', 'M3']) kinds.push(await client.send(messageOf(id), id))
    expect(kinds).toMatchObject([
      { kind: 'answered' },
      { kind: 'unknown', nothingSent: false },
      { kind: 'answered' },
    ])
  })

  it('takes silence for unknown, and never a late answer for another', async () => {
    const port = await openPeer((socket, frame, no) => {
      if (no === 1) setTimeout(() => socket.write(ackTo(frame)), 400)
      else socket.write(ackTo(frame))
    })
    const client = clientOf(port, { answerTimeoutMs: 200 })
    expect(await client.send(messageOf('M1'), 'M1')).toEqual({
      kind: 'unknown',
      reason: 'no answer within 200 ms',
      nothingSent: false,
    })
    expect((await client.send(messageOf('M2'), 'M2')).kind).toBe('answered')
  })

  it.each<[string, (frame: Buffer) => Buffer, RegExp]>([
    ['bytes without a frame', () => Buffer.from('HTTP/1.1 400'), /not_framed/],
    ['a frame without a message', () => framed(Buffer.from('OK')), /no_header/],
    ['a message without MSA', (frame) => framed(frame), /no MSA/],
    ['the answer to another message', (frame) => ackTo(frame, 'M0'), /no answer within/],
    ['100 MB', () => Buffer.concat([Buffer.from('\v'), Buffer.alloc(20_000)]), /too_large/],
  ])('does not believe %s', async (_what, answer, reason) => {
    const port = await openPeer((socket, frame) => socket.write(answer(frame)))
    const limits = { bytes: 10_000, segments: 10, fields: 50, repetitions: 10, components: 10 }
    const client = clientOf(port, { answerTimeoutMs: 1_000, limits })
    const heard = await client.send(messageOf('M1'), 'M1')
    expect(heard).toMatchObject({ kind: 'unknown', nothingSent: false })
    expect(heard.kind === 'unknown' && heard.reason).toMatch(reason)
  })

  it('knows that nothing was sent to who could not be reached', async () => {
    const { server } = await openHub()
    await server.close(0)
    const client = clientOf(server.port, { mostWaiting: 2 })
    const sent = ['M1', 'M2', 'M2', 'M3', 'M4'].map((id) => client.send(messageOf(id), id))
    const reasons = (await Promise.all(sent)).map(
      (a) => a.kind === 'unknown' && a.nothingSent && a.reason,
    )
    expect(reasons).toEqual([
      'ECONNREFUSED',
      'ECONNREFUSED',
      '2 messages wait already',
      '2 messages wait already',
      '2 messages wait already',
    ])
  })

  it('closes when what is under way was answered', async () => {
    const { server } = await openHub({ handle: async () => (await sleep(100), { code: 'AA' }) })
    const client = clientOf(server.port)
    const sent = client.send(messageOf('M1'), 'M1')
    await client.close(5_000)
    expect((await sent).kind).toBe('answered')
    expect(await client.send(messageOf('M2'), 'M2')).toMatchObject({ nothingSent: true })
  })
})
