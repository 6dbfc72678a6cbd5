import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { seededRandom } from '../../kernel/random.ts'
import { businessDateOf, DAY_MS, MINUTE_MS } from '../../kernel/time.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import type { Stops } from '../browser/bed.ts'
import { HOSPITAL, openQueueWorld, type QueueWorld, STAFF } from './world.ts'

// What is sent to who watches, over HTTP.

let world: QueueWorld
const { clock } = testPlatform('2026-11-24T08:30:00+08:00')
const stops: Stops = []
const open: AbortController[] = []

beforeAll(async () => {
  world = await openQueueWorld(stops, clock)
})
afterEach(() => {
  for (const one of open.splice(0)) one.abort()
})
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop()
})

type Seen = { event: string; id: string; data: Record<string, unknown> }

/** The events of a stream, as they come. */
async function watch(path: string, headers: Record<string, string>) {
  const abort = new AbortController()
  open.push(abort)
  const answer = await fetch(`${world.hubUrl}${path}`, { headers, signal: abort.signal })
  const seen: Seen[] = []
  const state = {
    status: answer.status,
    seen,
    ended: false,
    type: answer.headers.get('content-type'),
  }
  if (answer.status !== 200) return state
  void (async () => {
    const decoder = new TextDecoder()
    let text = ''
    try {
      for await (const chunk of answer.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true })
        const blocks = text.split('\n\n')
        text = blocks.pop() ?? ''
        for (const block of blocks) {
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
          if (field('data')) {
            const data = JSON.parse(field('data')) as Seen['data']
            seen.push({ event: field('event'), id: field('id'), data })
          }
        }
      }
    } catch {
      // Cut by this side.
    }
    state.ended = true
  })()
  return state
}

const lab = (code: string) =>
  world.desk.openLine(HOSPITAL, {
    kind: 'laboratory',
    session_id: null,
    business_date: businessDateOf(clock.now()),
    department_code: code,
    department_name: '检验科',
    doctor_code: '',
    doctor_name: '',
    location: '门诊楼 1 层',
    starts_at: clock.now(),
  })

async function screenOf(departmentCode: string) {
  const id = world.platform.newId<'QueueScreen'>()
  const wish = { hospitalId: HOSPITAL, id, name: '一号屏', lineKind: 'laboratory' as const }
  const { token } = await world.desk.addScreen({ ...wish, departmentCode }, STAFF)
  const path = `/v1/hospitals/${HOSPITAL}/queue/screens/${id}/events`
  return { id, path, headers: { 'x-screen-token': token } }
}

const call = (lineId: Awaited<ReturnType<typeof lab>>['id']) =>
  world.desk.callNext(
    {
      key: { hospitalId: HOSPITAL, id: lineId },
      callId: world.platform.newId(),
      room: '2 号窗口',
    },
    STAFF,
  )

type Shown = { places: { number: number; name: string; state: string; priority: unknown }[] }

describe('[J3] a screen on a wall', () => {
  it('shows a line with names masked and a call as it is made, to who has its token', async () => {
    const line = await lab('L1')
    await world.walkIn(line.id)
    await world.walkIn(line.id)
    const screen = await screenOf('L1')
    const shown = await watch(screen.path, screen.headers)
    expect(shown).toMatchObject({ status: 200, type: 'text/event-stream; charset=utf-8' })
    await expect.poll(() => shown.seen.length).toBe(2)
    const before = shown.seen.at(-1)?.data as Shown
    expect(before.places).toMatchObject([
      { number: 1, name: '*小明', state: 'waiting', priority: null },
      { number: 2, name: '*小明', state: 'waiting', priority: null },
    ])
    await call(line.id)
    await expect
      .poll(() => shown.seen.at(-1)?.data)
      .toMatchObject({ places: [{ state: 'called' }, { state: 'waiting' }] })
    const wrong = await watch(screen.path, { 'x-screen-token': 'x'.repeat(43) })
    expect(wrong.status).toBe(401)
    expect((await watch(screen.path, {})).status).toBe(401)
    await world.desk.revokeScreen({ hospitalId: HOSPITAL, id: screen.id }, STAFF)
    expect((await watch(screen.path, screen.headers)).status).toBe(401)
  })

  it('that comes back with the id of the last event is sent what it has not seen', async () => {
    const line = await lab('L2')
    await world.walkIn(line.id)
    const screen = await screenOf('L2')
    const first = await watch(screen.path, screen.headers)
    await expect.poll(() => first.seen.length).toBe(2)
    const id = first.seen.at(-1)?.id ?? ''
    const same = await watch(screen.path, { ...screen.headers, 'last-event-id': id })
    await expect.poll(() => same.seen.map(({ event }) => event)).toEqual(['lines'])
    await world.walkIn(line.id)
    await expect.poll(() => same.seen.map(({ event }) => event)).toEqual(['lines', 'board'])
    const late = await watch(screen.path, { ...screen.headers, 'last-event-id': id })
    await expect.poll(() => late.seen.map(({ event }) => event)).toEqual(['lines', 'board'])
  })

  it('is one of six at most for one token, and none is left when they go', async () => {
    const line = await lab('L3')
    await world.walkIn(line.id)
    const screen = await screenOf('L3')
    const streams = []
    for (let i = 0; i < 7; i++) streams.push(await watch(screen.path, screen.headers))
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 429])
    for (const one of open.splice(0)) one.abort()
    await expect.poll(() => world.desk.live.count(HOSPITAL)).toBe(0)
  })
})

describe('[J3] a patient', () => {
  it('sees their own place move without asking again, and nobody else’s', async () => {
    const line = await lab('L4')
    await world.walkIn(line.id)
    const medium = { kind: 'social_card' as const, value: 'SC-LIVE' }
    const passwordHash = await world.hub.identity.hashPassword('long-enough-password-1')
    const id = await world.hub.identity.registerPerson({
      name: '李四',
      idCardNo: 'E99999901',
      idKind: 'passport',
      phone: '13700000001',
      gender: 'female',
      birthDate: '1985-02-02' as never,
      media: [medium],
      login: '13700000001',
      passwordHash,
    })
    await world.walkIn(line.id, { person: { id } })
    const signIn = await fetch(`${world.hubUrl}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-yiqiao-app': 'patient' },
      body: JSON.stringify({
        app: 'patient',
        login: '13700000001',
        password: 'long-enough-password-1',
      }),
    })
    expect(signIn.status).toBeLessThan(300)
    const cookie = signIn.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    const headers = { cookie, 'x-yiqiao-app': 'patient' }
    const path = `/v1/hospitals/${HOSPITAL}/my-queue/events`
    expect((await watch(path, {})).status).toBe(401)
    const mine = await watch(path, headers)
    await expect.poll(() => mine.seen.length).toBe(1)
    expect(mine.seen[0]?.data.tickets).toMatchObject([{ number: 2, ahead: 1, state: 'waiting' }])
    await call(line.id)
    await expect.poll(() => mine.seen.at(-1)?.event).toBe('line')
    expect(mine.seen.at(-1)?.data.tickets).toMatchObject([{ number: 2, ahead: 0 }])
    expect(JSON.stringify(mine.seen)).not.toContain('王小明')
    await call(line.id)
    await expect
      .poll(() => mine.seen.at(-1)?.data.tickets)
      .toMatchObject([{ state: 'called', room: '2 号窗口', waiting: null }])
  })
})

describe('[J3] the process that ends', () => {
  it('ends its streams, and so does not wait for them', async () => {
    const ownStops: Stops = []
    const own = testPlatform(clock.now().toISOString(), seededRandom('own').bytes(4).join(''))
    own.clock.advance(DAY_MS + MINUTE_MS)
    const other = await openQueueWorld(ownStops, own.clock)
    const { token } = await other.desk.addScreen(
      {
        hospitalId: HOSPITAL,
        id: '00000000-0000-7000-8000-000000000001' as never,
        name: '屏',
        lineKind: 'clinic',
        departmentCode: 'K',
      },
      STAFF,
    )
    const url = `${other.hubUrl}/v1/hospitals/${HOSPITAL}/queue/screens/00000000-0000-7000-8000-000000000001/events`
    const answer = await fetch(url, { headers: { 'x-screen-token': token } })
    expect(answer.status).toBe(200)
    const text = answer.text()
    await other.api.close()
    expect(await text).toContain('event: lines')
    for (const stop of ownStops.toReversed()) await stop()
  })
})
