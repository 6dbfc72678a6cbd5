import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { API_BANK, LEDGER_BANK } from '../../apps/cli/sandbox/seed-lenders.ts'
import { DEMO_PASSWORD, staffLogin } from '../../apps/cli/sandbox/seed.ts'
import contract from '../../contract/hub.json' with { type: 'json' }
import type { HospitalId } from '../../kernel/id.ts'
import { type BankBed, DIAGNOSIS, openBankBed } from '../browser/bank-bed.ts'
import { medicalWordsOf } from './medical-words.ts'

// What a lender's staff can ask of the hub, asked for by HTTP on a book with months of treatment behind it: amounts and
// hospitals, and no word of what anybody was treated for.

const HOSPITAL = 1 as HospitalId
const OWN = `/v1/credit/lenders/${LEDGER_BANK}`

let bed: BankBed
const cookies = new Map<string, string>()

beforeAll(async () => void (bed = await openBankBed(null)), 240_000)
afterAll(() => bed?.stop())

async function cookieOf(login: string): Promise<string> {
  const known = cookies.get(login)
  if (known) return known
  const answer = await fetch(`${bed.hubUrl}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-yiqiao-app': 'console' },
    body: JSON.stringify({ app: 'console', login, password: DEMO_PASSWORD }),
  })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  cookies.set(login, cookie)
  return cookie
}

async function ask(login: string, path: string, method = 'GET', body?: object) {
  const answer = await fetch(`${bed.hubUrl}${path}`, {
    method,
    headers: {
      cookie: await cookieOf(login),
      'x-yiqiao-app': 'console',
      'idempotency-key': `key-${login}-${path}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  const isJson = (answer.headers.get('content-type') ?? '').includes('json')
  return { status: answer.status, text, json: isJson && text ? JSON.parse(text) : null }
}

const read = async (login: string, path: string) => {
  const { status, json } = await ask(login, path)
  expect([status, path]).toEqual([200, path])
  return json
}

type Row = Record<string, string | number | null>
const items = async (login: string, path: string): Promise<Row[]> => (await read(login, path)).items

/** Every path of the contract below the lender, with what is there in place of its parameters. */
async function lenderPaths(): Promise<string[]> {
  const [loan] = await items('bank1', `${OWN}/loans?bucket=91-180`)
  const [line] = await items('bank1', `${OWN}/lines`)
  const [day] = await items('bank1', `${OWN}/days`)
  const filled: Record<string, string> = {
    '/loans/{id}/record': `/loans/${loan?.['loanId']}/record`,
    '/lines/{id}': `/lines/${line?.['lineId']}`,
    '/days/{date}/counts': `/days/${day?.['date']}/counts`,
    '/hospital-limits/{careHospitalId}/changes': `/hospital-limits/${HOSPITAL}/changes`,
  }
  return Object.entries(contract.paths).flatMap(([path, methods]) => {
    const [, rest] = /^\/v1\/credit\/lenders\/\{lenderId\}(.*)$/.exec(path) ?? []
    if (rest === undefined || !('get' in methods)) return []
    return [`${OWN}${filled[rest] ?? rest}`]
  })
}

describe('the staff of a lender', () => {
  it('[N6] find no word of any illness in any answer', async () => {
    const words = medicalWordsOf(bed.world, DIAGNOSIS)
    expect(words.length).toBeGreaterThan(100)
    const answered: string[] = []
    for (const path of [...(await lenderPaths()), '/v1/me', '/v1/hospitals']) {
      const { status, text } = await ask('bank1', path)
      if (status !== 200) continue
      answered.push(path)
      expect(
        words.filter((word) => text.includes(word)),
        path,
      ).toEqual([])
      expect(text, path).not.toMatch(
        /"(visitNo|patientNo|personId|payerId|diagnosis|department|doctor|scene|billNo|draws|lines":\[\{"billNo)"/,
      )
    }
    expect(answered.length).toBeGreaterThanOrEqual(14)
  })

  it('see figures that add up: ages, what is due, what was accrued and what became of it', async () => {
    const { now, days } = await read('bank1', `${OWN}/portfolio`)
    expect(days.length).toBeGreaterThan(50)
    const open: Row[] = await items('bank1', `${OWN}/loans?status=open`)
    expect(now.openLoans).toBe(open.length)
    for (const { name, loans } of now.buckets) {
      const rows = await items('bank1', `${OWN}/loans?bucket=${name}`)
      expect([name, rows.length]).toEqual([name, loans])
    }
    expect(now.badDebtPpm).toBeGreaterThan(10_000)
    const { earned, dueNow } = await read('bank1', `${OWN}/loan-figures`)
    const owedFen = open.reduce((sum, row) => sum + Number(row['owedFen']), 0)
    const receivable = earned.reduce(
      (sum: number, row: Row) => sum + Number(row['receivableFen']),
      0,
    )
    expect(now.principalFen + receivable).toBe(owedFen)
    expect(dueNow.amountFen).toBe(open.reduce((sum, row) => sum + Number(row['dueFen']), 0))
    for (const { accruedFen, receivedFen, writtenOffFen, receivableFen } of earned) {
      expect(accruedFen).toBe(receivedFen + writtenOffFen + receivableFen)
    }
    const { all } = await read('bank1', `${OWN}/line-use`)
    const lines = await items('bank1', `${OWN}/lines`)
    expect(all.lines).toBe(lines.length)
    expect(all.drawnFen).toBe(now.principalFen)
  })

  it('find an account by its end, page by page, and nobody by anything else', async () => {
    const all = await items('bank1', `${OWN}/lines?limit=200`)
    const first = await items('bank1', `${OWN}/lines?limit=2`)
    const next = await items('bank1', `${OWN}/lines?limit=200&before=${first[1]?.['lineId']}`)
    expect([...first, ...next]).toEqual(all)
    const no = String(all[0]?.['accountNo'])
    expect(await items('bank1', `${OWN}/lines?accountNo=${no.slice(-8)}`)).toEqual([all[0]])
    expect(await items('bank1', `${OWN}/lines?accountNo=%25%25%25%25`)).toEqual([])
    expect((await ask('bank1', `${OWN}/lines?accountNo=123`)).status).toBe(400)
    expect((await ask('bank1', `${OWN}/loans?diagnosis=I10`)).text).not.toContain('I10')
  })

  it('see the book of another lender as little as hospital staff see theirs', async () => {
    for (const path of await lenderPaths()) {
      const foreign = path.replace(String(LEDGER_BANK), String(API_BANK))
      expect([path, (await ask('bank1', foreign)).status]).toEqual([path, 403])
      expect([path, (await ask(staffLogin(HOSPITAL), path)).status]).toEqual([path, 403])
      expect([path, (await ask(staffLogin(HOSPITAL, 'auditor'), path)).status]).toEqual([path, 403])
    }
  })

  it('get nothing from any other route that is not everybody’s', async () => {
    const leaks: string[] = []
    for (const path of otherPaths()) {
      const isPublic = (await fetch(bed.hubUrl + path)).status === 200
      for (const login of ['bank1', 'bankaudit1']) {
        const { status, text } = await ask(login, path)
        const isAnybodys = isPublic || OF_NOBODY.has(path) || path === '/v1/me'
        if (status === 200 && !isAnybodys) leaks.push(`${path} ${text}`)
        expect([path, status < 500]).toEqual([path, true])
      }
    }
    expect(leaks).toEqual([])
  })

  it('change nothing as auditors', async () => {
    const [loan] = await items('bankaudit1', `${OWN}/loans?bucket=91-180`)
    const [review] = await items('bankaudit1', `${OWN}/reviews`)
    for (const [method, path, body] of [
      ['POST', `/loans/${loan?.['loanId']}/write-off`, { reason: '失联' }],
      ['POST', `/loans/${loan?.['loanId']}/write-off/approval`, undefined],
      ['POST', `/reviews/${review?.['id']}/decision`, { reason: '收入证明', limitFen: null }],
      ['PUT', `/hospital-limits/${HOSPITAL}`, { reason: '扩大合作', limitFen: 1 }],
    ] as const) {
      expect((await ask('bankaudit1', OWN + path, method, body)).status, path).toBe(403)
    }
  })

  it('set the limit of a hospital with a reason, which stands beside who set it', async () => {
    const path = `${OWN}/hospital-limits/2`
    expect((await ask('bank1', path, 'PUT', { limitFen: 1_000_000 })).status).toBe(400)
    const set = { limitFen: 1_000_000, reason: '扩大合作' }
    expect((await ask('bank1', path, 'PUT', set)).status).toBe(204)
    const [change] = await items('bank1', `${path}/changes`)
    expect(change).toMatchObject({ ...set, actor: expect.stringMatching(/^staff:/) })
    const limits = await items('bank1', `${OWN}/hospital-limits`)
    expect(limits.find(({ hospitalId }) => hospitalId === 2)).toMatchObject({ limitFen: 1_000_000 })
  })

  it('decide a review once, with its bands and reasons, and only another may decide the next', async () => {
    const [open] = await items('bank1', `${OWN}/reviews`)
    expect(open).toMatchObject({ status: 'open', obstacle: null, application: { score: 500 } })
    const path = `${OWN}/reviews/${open?.['id']}/decision`
    const verdict = { reason: '收入证明', limitFen: 600_000 }
    expect((await ask('bank1', path, 'POST', verdict)).status).toBe(204)
    expect((await ask('bank2', path, 'POST', verdict)).status).toBe(409)
    const [decided] = await items('bank2', `${OWN}/reviews?state=decided`)
    expect(decided).toMatchObject({ status: 'changed', limitFen: 600_000, obstacle: null })
  })

  it('[N7] give a loan up by two people, and see what comes of it later', async () => {
    const [loan] = await items('bank1', `${OWN}/loans?bucket=91-180`)
    const path = `${OWN}/loans/${loan?.['loanId']}`
    expect((await ask('bank1', `${path}/write-off`, 'POST', { reason: '失联' })).status).toBe(204)
    const { owedTodayFen } = await read('bank2', `${path}/record`)
    const waiting = await items('bank2', `${OWN}/loans?proposed=true`)
    expect(waiting).toMatchObject([{ loanId: loan?.['loanId'], writeOff: 'proposed' }])
    expect((await ask('bank1', `${path}/write-off/approval`, 'POST')).status).toBe(403)
    expect((await ask('bank2', `${path}/write-off/approval`, 'POST')).status).toBe(204)
    expect(await items('bank2', `${OWN}/loans?proposed=true`)).toEqual([])
    await bed.receive(String(loan?.['loanId']), 50_000)
    const record = await read('bank2', `${path}/record`)
    expect(record).toMatchObject({
      loan: { status: 'written_off', writeOff: 'approved' },
      writeOff: { reason: '失联', amountFen: owedTodayFen },
      recoveredFen: 50_000,
    })
    const { earned } = await read('bank2', `${OWN}/loan-figures`)
    const lost = earned.reduce((sum: number, row: Row) => sum + Number(row['writtenOffFen']), 0)
    expect(lost + Number(loan?.['principalFen'])).toBe(owedTodayFen)
  })

  it('see each day’s close: how far it came, what fell due and who moved up the ladder', async () => {
    const days = await items('bank1', `${OWN}/days?limit=62`)
    expect(days.length).toBe(62)
    expect(days.every(({ status }) => status === 'closed')).toBe(true)
    const older = await items('bank1', `${OWN}/days?before=${days[61]?.['date']}&limit=5`)
    expect(older).toHaveLength(5)
    const counts = await Promise.all(
      days.map(({ date }) => read('bank1', `${OWN}/days/${date}/counts`)),
    )
    expect(counts.some(({ stages }) => stages.length > 0)).toBe(true)
    expect(counts.some(({ dueLoans }) => dueLoans > 0)).toBe(true)
  })
})

/** Lists that the state publishes, to whoever is signed in. */
const OF_NOBODY: ReadonlySet<string> = new Set(['/v1/institutions', '/v1/catalogue/regions'])

/** Every other path of the contract that is read: at a hospital, and as if the lender's book were one. */
const otherPaths = (): string[] =>
  Object.entries(contract.paths).flatMap(([path, methods]) => {
    if (!('get' in methods) || path.includes('{lenderId}')) return []
    const ids = path.includes('{hospitalId}') ? [HOSPITAL, LEDGER_BANK] : [HOSPITAL]
    return ids.map((id) =>
      path
        .replace('{hospitalId}', String(id))
        .replace('{date}', '2026-11-21')
        .replaceAll(/\{\w+\}/g, '0190b3a0-0000-7000-8000-000000000001'),
    )
  })
