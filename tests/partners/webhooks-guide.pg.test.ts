import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { listen } from '../../apps/cli/events/listen.ts'
import { TRIGGERS } from '../../apps/cli/events/trigger.ts'
import { addMs, DAY_MS } from '../../kernel/time.ts'
import { EVENT_TYPES } from '../../modules/partners/index.ts'
import { systemActor } from '../../platform/principal.ts'
import { systemClock } from '../../platform/system.ts'
import { startSystem, type System } from './system.ts'

// An institution's first hour, as the guide tells it: its receiver is the example of docs/interface/webhooks.md,
// run as it stands there, and what it is told of happens by real payments in the running system.

const GUIDE = join(import.meta.dirname, '../../docs/interface/webhooks.md')
const MOST_POLLS = 400
const POLL_MS = 100

let system: System
beforeAll(async () => void (system = await startSystem('webhooks guide')), 120_000)
afterAll(() => system?.stop())

const folder = mkdtempSync(join(tmpdir(), 'webhooks-guide-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The receiver of the guide, as a process of its own. */
async function startExample(secret: string) {
  const code = /```js receiver\n([\s\S]*?)```/.exec(readFileSync(GUIDE, 'utf8'))?.[1] ?? ''
  const file = join(folder, 'receiver.mjs')
  writeFileSync(file, code)
  const env = { PATH: process.env.PATH ?? '', WEBHOOK_SECRET: secret, PORT: '0' }
  const child: ChildProcess = spawn(process.execPath, [file], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')))
  }
  await until(
    () => lines.some((line) => line.startsWith('ready ')),
    () => lines.join('\n'),
  )
  const port = lines[0]?.split(' ')[1] ?? ''
  return { url: `http://127.0.0.1:${port}/`, lines, stop: () => child.kill() }
}

async function until(isSo: () => boolean, words: () => string) {
  for (let poll = 0; !isSo(); poll++) {
    if (poll >= MOST_POLLS) throw new Error(`not in time: ${words()}`)
    await sleep(POLL_MS)
  }
}

/** What the interface answers the bank's application. */
async function ask<T>(token: string, method: string, path: string, body?: object) {
  const answer = await fetch(`${system.hubUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: answer.status, body: (await answer.json()) as T }
}

async function newToken(): Promise<string> {
  const { application, clientSecret } = system.application
  const answer = await fetch(`${system.hubUrl}/v1/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: application.clientId,
      client_secret: clientSecret,
    }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

describe('the guide', () => {
  it('[F3] has a receiver that hears of a real payment, once, and believes nobody else', async () => {
    const token = await newToken()
    const partner = `/v1/hospitals/${system.hospitalId}/partner`
    // The address is known when the receiver runs, and its secret when the endpoint is there.
    type Added = { endpoint: { id: string }; secret: string }
    const wish = { url: 'https://bank.example/', eventTypes: ['payment.succeeded'] }
    const { body: added } = await ask<Added>(token, 'POST', `${partner}/endpoints`, wish)
    const example = await startExample(added.secret)
    const change = { url: example.url }
    const moved = await ask(token, 'PATCH', `${partner}/endpoints/${added.endpoint.id}`, change)
    expect(moved.status).toBe(200)

    const paymentId = await TRIGGERS['payment.succeeded']?.(system.demo)
    const heard = () => example.lines.filter((line) => line.startsWith('payment.succeeded '))
    await until(
      () => heard().length > 0,
      () => example.lines.join('\n'),
    )
    expect(heard()).toEqual([`payment.succeeded ${paymentId}`])

    const { items } = await system.api.feed({ after: 0 })
    const event = items.find(({ data }) => data['paymentId'] === paymentId)
    const resent = await system.api.resend(event?.id ?? '')
    expect(resent.items).toHaveLength(1)
    type Log = { items: { eventId: string; status: string; round: number }[] }
    const log = async () => (await ask<Log>(token, 'GET', `${partner}/deliveries`)).body.items
    for (let poll = 0; (await log())[0]?.status !== 'delivered'; poll++) {
      expect(poll).toBeLessThan(MOST_POLLS)
      await sleep(POLL_MS)
    }
    expect(await log()).toMatchObject([{ eventId: event?.id, status: 'delivered', round: 2 }])
    expect(heard()).toHaveLength(1)

    const forged = await fetch(example.url, {
      method: 'POST',
      headers: {
        'webhook-id': event?.id ?? '',
        'webhook-timestamp': String(Math.floor(systemClock.now().getTime() / 1_000)),
        'webhook-signature': `v1,${Buffer.alloc(32, 1).toString('base64')}`,
      },
      body: JSON.stringify(event),
    })
    expect(forged.status).toBe(401)
    example.stop()
  }, 120_000)

  it('names every event there is', () => {
    const page = readFileSync(GUIDE, 'utf8')
    expect(EVENT_TYPES.filter((type) => !page.includes(`\`${type}\``))).toEqual([])
  })
})

describe('the commands', () => {
  it('listen prints and forwards what trigger makes happen, and nothing personal is in it', async () => {
    const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
    const example = await startExample(secret)
    const stop = new AbortController()
    const lines: string[] = []
    const { newest } = await system.api.feed({ limit: 1 })
    const listening = listen({
      api: system.api,
      clock: systemClock,
      forwardTo: example.url,
      secret,
      after: newest,
      types: [],
      signal: stop.signal,
      print: (line) => void lines.push(line),
      complain: (line) => void lines.push(`complaint: ${line}`),
    })
    const wanted = ['payment.closed', 'refund.refused', 'payment.failed'] as const
    for (const type of wanted) {
      await TRIGGERS[type]?.(system.demo)
      await until(
        () => lines.some((line) => line.includes(` ${type} `)),
        () => lines.join('\n'),
      )
    }
    stop.abort()
    await listening
    example.stop()
    const types = lines.map((line) => /[a-z]+\.[a-z_]+/.exec(line)?.[0])
    expect(new Set(types)).toEqual(
      new Set([
        'payment.closed',
        'payment.returned',
        'payment.failed',
        'payment.succeeded',
        ...wanted,
      ]),
    )
    expect(lines.filter((line) => !line.endsWith(' → 204'))).toEqual([])
    const { items } = await system.api.feed({ after: 0, limit: 200 })
    const told = JSON.stringify(items)
    const { name, phone, idCardNo } = system.person
    for (const personal of [name, phone, idCardNo]) expect(told).not.toContain(personal)
  }, 180_000)
})

describe('[N8] the document’s verify_payment', () => {
  it('answers for a real patient by what is owed at the hospital', async () => {
    const token = await newToken()
    const { personId, hospitalId } = system
    const verify = (question: object) =>
      ask<Record<string, unknown>>(token, 'POST', '/verify_payment', {
        patient_id: personId,
        hospital_id: hospitalId,
        amount: 0.01,
        ...question,
      })
    await system.newBill()
    expect(await verify({})).toEqual({ status: 404, body: { error: '患者未授权' } })
    const { text } = await system.partners.grants.of(hospitalId, personId)
    await system.partners.grants.give(
      {
        personId,
        hospitalId,
        applicationId: system.application.application.id,
        scopes: ['verify'],
        textVersion: text?.version ?? '',
        expiresAt: addMs(systemClock.now(), DAY_MS),
      },
      systemActor('test'),
    )
    expect(await verify({})).toMatchObject({
      status: 200,
      body: {
        status: 'success',
        remaining_credit: null,
        patient_name: expect.stringMatching(/^\*/),
      },
    })
    expect(await verify({ amount: 1_000_000 })).toEqual({
      status: 402,
      body: { error: '应付金额不足' },
    })
    expect(await verify({ patient_id: 'patient_001' })).toEqual({
      status: 404,
      body: { error: '患者未绑定银行卡' },
    })
  })
})
