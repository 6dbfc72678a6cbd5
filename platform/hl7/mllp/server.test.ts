import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

import fc from 'fast-check'
import iconv from 'iconv-lite'
import { afterEach, describe, expect, it } from 'vitest'

import { createAnswerMemory } from '../receiver.ts'
import { createDeframer, framed } from './frames.ts'
import { closeAll, dial, messageOf, openHub } from './testing.ts'

afterEach(closeAll)

it('remembers the last answers, and not all of them', async () => {
  const memory = createAnswerMemory(10)
  const answer = { hash: 'h', answer: Buffer.alloc(0) }
  for (let i = 0; i < 100; i++) await memory.remember(`M${i}`, answer)
  const known = await Promise.all(Array.from({ length: 100 }, (_, i) => memory.recall(`M${i}`)))
  expect(known.slice(95)).toEqual(Array.from({ length: 5 }, () => answer))
  expect(known.filter((each) => each !== null).length).toBeLessThanOrEqual(10)
})

describe('frames', () => {
  it('are found however they are cut into chunks', () => {
    const frames = fc.array(
      fc.uint8Array({ maxLength: 30 }).map((b) => Buffer.from(b.map((x) => x | 0x80))),
    )
    const cuts = fc.array(fc.nat(200))
    fc.assert(
      fc.property(frames, cuts, fc.constantFrom('', '\r', '\n', '\r\n'), (sent, at, between) => {
        const bytes = Buffer.concat(sent.flatMap((frame) => [framed(frame), Buffer.from(between)]))
        const deframer = createDeframer(30)
        const found: Buffer[] = []
        let from = 0
        for (const until of [...at.toSorted((a, b) => a - b), bytes.length]) {
          const { frames: more, problem } = deframer.push(bytes.subarray(from, until))
          expect(problem).toBeNull()
          found.push(...more)
          from = Math.min(bytes.length, Math.max(from, until))
        }
        expect(found.map((f) => f.toString('hex'))).toEqual(sent.map((f) => f.toString('hex')))
      }),
    )
  })

  it('have what is no frame, half a frame and too large a frame named', () => {
    const problemOf = (bytes: string) => createDeframer(10).push(Buffer.from(bytes)).problem?.code
    expect(problemOf('GET / HTTP/1.1')).toBe('not_framed')
    expect(problemOf('\v12345\v12345\u{1c}\r')).toBe('half_frame')
    expect(problemOf('\v12345678901')).toBeUndefined() // its last byte may be the end of it
    expect(problemOf('\v123456789012')).toBe('too_large')
    expect(problemOf('\v1234567890\u{1c}\r')).toBeUndefined()
  })
})

describe('the server', () => {
  it('answers two messages of one chunk, one in a thousand chunks, and each in its turn', async () => {
    const hub = await openHub({
      handle: async (id) => (await sleep(id === 'M1' ? 50 : 0), { code: 'AA' }),
    })
    const caller = await dial(hub.server)
    caller.socket.write(Buffer.concat([framed(messageOf('M1')), framed(messageOf('M2'))]))
    const long = framed(messageOf('M3', 'x'.repeat(900)))
    for (const byte of long) {
      caller.socket.write(Buffer.from([byte]))
      await new Promise((next) => setImmediate(next))
    }
    expect(await caller.heard(3)).toEqual(['AA M1', 'AA M2', 'AA M3'])
    expect(hub.handled).toEqual(['M1', 'M2', 'M3'])
  })

  it('answers the same message the same, and another with its control id with AE', async () => {
    const hub = await openHub({ handle: async () => (await sleep(30), { code: 'AA' }) })
    const [one, other] = [await dial(hub.server), await dial(hub.server)]
    one.socket.write(framed(messageOf('M1'))) // both at once
    other.socket.write(framed(messageOf('M1')))
    expect([...(await one.heard(1)), ...(await other.heard(1))]).toEqual(['AA M1', 'AA M1'])
    one.socket.write(Buffer.concat([framed(messageOf('M1')), framed(messageOf('M1', '李四'))]))
    expect(await one.heard(3)).toEqual([
      'AA M1',
      'AA M1',
      'AE M1 this control id was used with another message',
    ])
    expect(hub.handled).toEqual(['M1'])
  })

  it('has a message handled again that could not be, and says so', async () => {
    let failures = 0
    const hub = await openHub({
      async handle() {
        failures += 1
        if (failures === 1) throw new Error('the database is away')
        return { code: 'AA' }
      },
    })
    const caller = await dial(hub.server)
    caller.socket.write(Buffer.concat([framed(messageOf('M1')), framed(messageOf('M1'))]))
    expect(await caller.heard(2)).toEqual(['AE M1 not done; send it again later', 'AA M1'])
    expect(hub.problems).toEqual(['handler_failed'])
  })

  it('leaves a message without an answer when its memory is away', async () => {
    const hub = await openHub({ recall: () => Promise.reject(new Error('the database is away')) })
    const caller = await dial(hub.server)
    caller.socket.write(framed(messageOf('M1')))
    await caller.ended
    expect([caller.answers, hub.handled, hub.problems]).toEqual([[], [], ['handler_failed']])
  })

  it.each<[string, Buffer, string]>([
    ['two MSH', Buffer.concat([messageOf('M1'), messageOf('M2')]), 'AR M1 two_headers'],
    ['another charset', iconv.encode(messageOf('M1').toString(), 'gbk'), 'AE M1 charset_wrong'],
    ['control characters', messageOf('M1', '\u{7}'), 'AE M1 control_character'],
    ['nothing', Buffer.alloc(0), 'AR  empty'],
    ['no message', Buffer.from('{"json": true}'), 'AR  no_header'],
    ['a message too large for it', messageOf('M1', 'x'.repeat(2_000)), 'AR M1 too_large'],
  ])('says what is wrong with %s, and goes on', async (_what, bytes, said) => {
    const { server, handled } = await openHub({ messageBytes: 1_000 })
    const caller = await dial(server)
    caller.socket.write(Buffer.concat([framed(bytes), framed(messageOf('M9'))]))
    expect(await caller.heard(2)).toEqual([said, 'AA M9'])
    expect(handled).toEqual(['M9'])
  })

  it('hangs up on garbage and on half a frame, after answering what came before', async () => {
    const hub = await openHub()
    for (const rest of ['GET / HTTP/1.1\r\n\r\n', '\vMSH|half\vMSH|']) {
      const caller = await dial(hub.server)
      caller.socket.write(Buffer.concat([framed(messageOf('M1')), Buffer.from(rest)]))
      await caller.ended
      expect(caller.answers).toEqual(['AA M1'])
    }
    const cut = await dial(hub.server)
    cut.socket.end(framed(messageOf('M2')).subarray(0, -5))
    await cut.ended
    expect(cut.answers).toEqual([])
    expect(hub.problems).toEqual(['not_framed', 'half_frame', 'half_frame'])
  })

  it('answers who says its last and waits', async () => {
    const caller = await dial((await openHub()).server)
    caller.socket.end(framed(messageOf('M1')))
    await caller.ended
    expect(caller.answers).toEqual(['AA M1'])
  })

  it('refuses 100 MB by its header, without keeping them', async () => {
    const hub = await openHub({ limits: { frameBytes: 1_000_000 } })
    const caller = await dial(hub.server)
    const before = process.memoryUsage().rss
    const piece = Buffer.alloc(1_000_000, 'x')
    caller.socket.write(framed(messageOf('M1')).subarray(0, -3))
    for (let i = 0; i < 100 && !caller.socket.destroyed; i++) {
      if (!caller.socket.write(piece)) {
        await Promise.race([once(caller.socket, 'drain').catch(() => null), caller.ended])
      }
    }
    await caller.ended
    expect(caller.answers).toEqual(['AR M1 too_large'])
    expect(hub.problems).toContain('too_large')
    expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000)
  })

  it('hangs up on who drips, and on who sends more connections than it takes', async () => {
    const hub = await openHub({ limits: { frameMs: 200, connections: 2 } })
    const [slow, quiet] = [await dial(hub.server), await dial(hub.server)]
    const third = await dial(hub.server)
    await third.ended
    const drip = setInterval(() => slow.socket.write('x'), 20)
    slow.socket.write('\v')
    await slow.ended
    clearInterval(drip)
    quiet.socket.write(framed(messageOf('M1')))
    expect(await quiet.heard(1)).toEqual(['AA M1'])
    expect(hub.problems.toSorted()).toEqual(['too_many_connections', 'too_slow'])
  })

  it('reads no more than it answers', async () => {
    let release = () => {}
    const gate = new Promise<void>((open) => (release = open))
    const hub = await openHub({
      limits: { waiting: 4 },
      handle: async () => (await gate, { code: 'AA' }),
    })
    const caller = await dial(hub.server)
    const text = 'x'.repeat(100_000)
    let sent = 0
    let isTaken = true
    while (isTaken && sent < 300) {
      sent += 1
      isTaken = caller.socket.write(framed(messageOf(`M${sent}`, text)))
      if (!isTaken) {
        const drained = once(caller.socket, 'drain').then(() => true)
        isTaken = await Promise.race([drained, sleep(500).then(() => false)])
      }
    }
    expect(isTaken).toBe(false) // 30 MB do not fit between the two
    release()
    expect(await caller.heard(sent)).toHaveLength(sent)
  })

  it('answers what it has heard before it closes, within its grace', async () => {
    const hub = await openHub({ handle: async () => (await sleep(100), { code: 'AA' }) })
    const caller = await dial(hub.server)
    caller.socket.write(Buffer.concat([framed(messageOf('M1')), framed(messageOf('M2'))]))
    for (let i = 0; hub.handled.length === 0 && i < 500; i++) await sleep(10)
    await hub.server.close(10_000)
    await caller.ended
    expect(caller.answers).toEqual(['AA M1', 'AA M2'])

    const stuck = await openHub({ handle: () => new Promise(() => {}) })
    const waiting = await dial(stuck.server)
    waiting.socket.write(framed(messageOf('M1')))
    for (let i = 0; stuck.handled.length === 0 && i < 500; i++) await sleep(10)
    await stuck.server.close(50)
    await waiting.ended
    expect(waiting.answers).toEqual([])
  })
})
