import { expect, it } from 'vitest'

import { startReceiver } from '../../../modules/partners/testing/receiver.ts'
import { systemClock } from '../../../platform/system.ts'
import { listen, type ListenOptions } from './listen.ts'
import { type ApiEvent, type Feed, Refused } from './partner-api.ts'

const eventOf = (sequence: number, type: string): ApiEvent => ({
  id: `e${sequence}`,
  type,
  version: '1',
  sequence,
  hospitalId: 1,
  data: {},
  occurredAt: '2026-11-21T02:00:00.000Z',
})

/** Listens to feeds that come in this order, and stops after the last. */
async function hear(feeds: (Feed | Error)[], changes: Partial<ListenOptions> = {}) {
  const stop = new AbortController()
  const asked: unknown[] = []
  const [lines, complaints]: [string[], string[]] = [[], []]
  const left = [...feeds]
  await listen({
    api: {
      async feed(query) {
        asked.push(query)
        const next = left.shift()
        if (left.length === 0) stop.abort()
        if (next instanceof Error) throw next
        return next ?? { items: [], newest: 0 }
      },
    },
    clock: systemClock,
    forwardTo: null,
    secret: `whsec_${Buffer.alloc(32).toString('base64')}`,
    after: 0,
    types: [],
    signal: stop.signal,
    print: (line) => void lines.push(line),
    complain: (line) => void complaints.push(line),
    ...changes,
  })
  return { asked, lines, complaints }
}

it('goes on after the last event it saw, printed or not', async () => {
  const feeds = [
    { items: [eventOf(1, 'payment.closed'), eventOf(2, 'payment.succeeded')], newest: 2 },
    { items: [eventOf(3, 'payment.closed')], newest: 3 },
    { items: [], newest: 3 },
  ]
  const { asked, lines } = await hear(feeds, { types: ['payment.succeeded'] })
  expect(asked).toMatchObject([{ after: 0 }, { after: 2 }, { after: 3 }])
  expect(lines).toEqual(['2026-11-21T02:00:00.000Z  #2  payment.succeeded  e2'])
})

it('begins with what is new when it is not told where', async () => {
  const { asked } = await hear(
    [
      { items: [eventOf(6, 'x')], newest: 7 },
      { items: [], newest: 7 },
    ],
    {
      after: null,
    },
  )
  expect(asked).toMatchObject([{ limit: 1 }, { after: 7 }])
})

it('waits for a hub that does not answer, and gives up on one that refuses', async () => {
  const feeds = [new Error('ECONNREFUSED'), { items: [eventOf(1, 'x')], newest: 1 }]
  const { lines, complaints } = await hear(feeds)
  expect(complaints).toEqual(['the hub does not answer: ECONNREFUSED'])
  expect(lines).toHaveLength(1)
  const refused = [new Refused('401 invalid_client'), { items: [], newest: 0 }]
  await expect(hear(refused)).rejects.toThrow('401 invalid_client')
})

it('prints what the receiver answered, follows no redirect, and goes on without one', async () => {
  const receiver = await startReceiver()
  receiver.answerWith(({ body }) =>
    body.includes('"e1"') ? { status: 302, headers: { location: '/elsewhere' } } : { status: 500 },
  )
  const feeds = [
    { items: [eventOf(1, 'x'), eventOf(2, 'x')], newest: 2 },
    { items: [], newest: 2 },
  ]
  const { lines } = await hear(feeds, { forwardTo: receiver.url })
  expect(lines.map((line) => line.split(' → ')[1])).toEqual(['302', '500'])
  expect(receiver.received.map(({ path }) => path)).toEqual(['/hooks', '/hooks'])
  await receiver.stop()
  const gone = await hear(feeds, { forwardTo: receiver.url })
  expect(gone.lines.every((line) => line.includes(' → failed'))).toBe(true)
})
