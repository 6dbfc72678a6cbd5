import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { toShanghaiText } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { ACTOR, BANK, bankList, createHubBed, HOSPITAL } from './hub-bed.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let bed: Awaited<ReturnType<typeof createHubBed>>
let origin: string
let answers: Answer[] = []
const asked: string[] = []

const server = createServer((request, response) => {
  asked.push(`${toShanghaiText(bed.clock.now()).slice(11, 16)} ${request.url ?? ''}`)
  const [answer = status(404)] = answers
  if (answers.length > 1) answers.shift()
  answer(request, response)
})
beforeAll(async () => {
  bed = await createHubBed()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await bed.close()
})
beforeEach(() => void (asked.length = 0))

const status =
  (code: number): Answer =>
  (_request, response) =>
    void response.writeHead(code, { location: `${origin}/elsewhere` }).end('no list')

const body =
  (bytes: Buffer | string, headers = {}): Answer =>
  (_request, response) =>
    void response.writeHead(200, headers).end(bytes)

const LIST = bankList('2026-11-20', 'B1 +1.00', 'B2 +2.00')

type Secrets = Record<string, string | null>

/** A source of its own for each test. */
async function source(name: string, plan: object, secrets: Secrets = {}) {
  const schedule = { ...BANK, source: name, lateAt: '09:00' }
  await bed.hub.statementFiles.schedule(HOSPITAL, schedule, ACTOR)
  return fetchBy(name, plan, secrets)
}

const fetchBy = (name: string, plan: object, secrets: Secrets = {}) =>
  bed.hub.statementFiles.fetchBy(
    HOSPITAL,
    name,
    { adapter: 'https', plan, secrets, isActive: true },
    ACTOR,
  )

async function arrival(name: string) {
  const { statementFiles } = bed.hub
  const all = await statementFiles.arrivalsBetween(HOSPITAL, BANK.firstDate, BANK.firstDate)
  const found = all.find((one) => one.source === name)
  return found && `${found.state} ${found.tries} ${found.lastError ?? ''}`.trim()
}

describe('[B2] lists that are fetched', () => {
  it('are asked for at growing distances until they are there, and what fails is no answer', async () => {
    await source('bank-a', { url: `${origin}/{yyyymmdd}/list-{date}.csv?m={yyyymm}` })
    const gzip = { 'content-encoding': 'gzip' }
    answers = [
      status(404),
      status(503),
      body(''),
      body(gzipSync(LIST).subarray(0, 60), gzip),
      (request) => void request.socket.destroy(),
      status(302),
      body('<html>maintenance</html>'),
      body(gzipSync(LIST), gzip),
    ]
    const said: (string | undefined)[] = []
    for (const time of ['08:00', '08:05', '08:15', '08:35', '09:15', '10:15', '11:15', '11:54']) {
      await bed.at('2026-11-21', `${time}:00`)
      said.push(await arrival('bank-a'))
    }
    expect(asked).toHaveLength(7)
    expect(asked[0]).toBe('08:00 /20261120/list-2026-11-20.csv?m=202611')
    expect(said).toEqual([
      'waiting 1 HTTP 404',
      expect.stringMatching(/^waiting 2 127.* answered HTTP 503$/),
      'waiting 3 it is empty',
      expect.stringMatching(/^waiting 4 .*unexpected end/),
      expect.stringMatching(/^late 5 .*closed/),
      expect.stringMatching(/^late 6 .* HTTP 302$/),
      expect.stringMatching(/^refused 7 layout/),
      expect.stringMatching(/^refused 7 layout/),
    ])
    await bed.at('2026-11-21', '11:55:00')
    expect(await arrival('bank-a')).toBe('arrived 8')
    await bed.at('2026-11-21', '12:55:00')
    expect(asked.filter((line) => line.includes('20261120'))).toHaveLength(8)
    const [file] = await bed.hub.statementFiles.files(HOSPITAL, { source: 'bank-a', limit: 1 })
    expect(file).toMatchObject({ way: 'fetched', name: 'list-2026-11-20.csv' })
    expect((await bed.cases()).join()).not.toContain('bank-a')
  })

  it('are asked for with headers, a password and a signature, whose secrets are sealed and never told', async () => {
    const key = 'a-key-that-nobody-sees'
    let proof: string | undefined
    answers = [
      (request, response) => {
        const { authorization, 'x-app': app, 'x-time': time, 'x-sign': sign } = request.headers
        const text = `GET\n${request.url ?? ''}\n${String(time)}`
        const right = createHmac('sha256', key).update(text).digest('hex')
        proof = `${String(authorization)} ${String(app)} ${String(sign) === `v1=${right}`}`
        response.writeHead(200).end(LIST)
      },
    ]
    const plan = {
      url: `${origin}/signed/{date}`,
      headers: { 'x-app': 'app-{secret.appId}', 'x-time': '{timestamp}' },
      basic: { user: 'hospital', password: '{secret.password}' },
      signature: {
        algorithm: 'hmac-sha256',
        key: 'signingKey',
        text: '{method}\n{path}\n{timestamp}',
        encoding: 'hex',
        header: 'x-sign',
        value: 'v1={signature}',
      },
      fileName: 'bank-{yyyymmdd}.csv',
    }
    await source('bank-b', plan, { appId: 'A7', password: 'geheim', signingKey: key, old: 'x' })
    const saved = await fetchBy('bank-b', plan, { old: null })
    expect(saved.secretNames).toEqual(['appId', 'password', 'signingKey'])
    await bed.at('2026-11-21', '13:00:00')
    const basic = Buffer.from('hospital:geheim').toString('base64')
    expect(proof).toBe(`Basic ${basic} app-A7 true`)
    const { rows } = await inHospital(bed.db, HOSPITAL, (tx) =>
      sql<{ text: string }>`
        select f::text as text from statements.fetching f where hospital_id = ${HOSPITAL}
        union all select a::text from platform.audit a where hospital_id = ${HOSPITAL}`.execute(tx),
    )
    const kept = rows.map(({ text }) => text).join()
    expect(kept).toContain('signingKey')
    expect([kept.includes('geheim'), kept.includes(key)]).toEqual([false, false])
  })

  it('are missing when they never come, and are asked for still', async () => {
    answers = [status(404)]
    await source('bank-c', { url: `${origin}/c/{date}` })
    await bed.at('2026-11-21', '14:00:00')
    await bed.at('2026-11-21', '14:00:30')
    expect(await arrival('bank-c')).toBe('missing 1 HTTP 404')
    expect((await bed.cases()).at(-1)).toMatch(/^statement_missing .*bank-c 0 .* open$/)
    answers = [body(LIST)]
    await bed.at('2026-11-21', '15:00:00')
    await bed.at('2026-11-21', '15:00:30')
    expect(await arrival('bank-c')).toBe('arrived 2')
    expect((await bed.cases()).at(-1)).toMatch(/ statement_arrived$/)
  })

  it.each([
    ['a host that a text changes', { url: 'https://{account}.example/x' }, 'host is fixed'],
    ['a password in the address', { url: 'https://u:p@bank.example/x' }, 'password'],
    ['an unknown word', { url: 'https://bank.example/{day}' }, '{day} is not known'],
    ['a secret in the address', { url: 'https://bank.example/{secret.k}' }, 'not known'],
    ['an unknown secret', { url: 'https://bank.example/', headers: { a: '{secret.x}' } }, 'x'],
    ['an address of our own network', { url: 'https://10.0.0.1/x' }, 'private'],
    ['another protocol', { url: 'ftp://bank.example/x' }, 'https'],
    ['a field that is none', { url: 'https://bank.example/', method: 'POST' }, ''],
  ])('are not asked for by %s', async (_what, plan, reason) => {
    const saved = source('bank-d', plan, { k: 'v' })
    await expect(saved).rejects.toMatchObject({
      code: 'statements.fetch_wrong',
      params: { reason: expect.stringContaining(reason) as string },
    })
  })
})
