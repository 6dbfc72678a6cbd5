import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { inHospital } from '../../../platform/db.ts'
import { openSandbox, type Sandbox } from '../../cli/channel/sandbox.ts'
import { type Bed, HOSPITAL, openBed } from './testing/bed.ts'

let bed: Bed
let sandbox: Sandbox

beforeAll(async () => {
  bed = await openBed({ isDemo: true })
  sandbox = await openSandbox('digital-rmb', 0)
})
afterAll(async () => {
  await bed.close()
  await sandbox.stop()
})

type Draft = {
  id: string
  version: number
  descriptor: string
  problems: { pointer: string; code: string }[]
  params: { name: string; isSet: boolean; value: string | null; problem: object | null }[]
  obstacles: string[]
  live: object | null
}

const begin = async (name = 'city-rmb', template = 'digital-rmb'): Promise<Draft> => {
  const { status, body } = await bed.ask('POST', '', { template, name })
  expect(status).toBe(201)
  return body as Draft
}

const fill = async ({ id, version }: Draft, values: object): Promise<Draft> => {
  const { status, body } = await bed.ask('PUT', `/${id}/params`, { from: version, values })
  expect([status, body]).toMatchObject([200, {}])
  return body as Draft
}

const write = async ({ id, version }: Draft, descriptor: string): Promise<Draft> =>
  (await bed.ask('PUT', `/${id}`, { from: version, descriptor })).body as Draft

async function test(draft: Draft, kind: 'walk' | 'suite', sandboxUrl = sandbox.url) {
  const { version } = draft
  const started = await bed.ask('POST', `/${draft.id}/runs`, { version, kind, sandboxUrl })
  expect([started.status, started.body]).toMatchObject([202, { status: 'running' }])
  const run = `/${draft.id}/runs/${started.body.id}`
  for (;;) {
    const { body } = await bed.ask('GET', run)
    if (body.run.status !== 'running') return { ...body, path: run }
    await sleep(100)
  }
}

const live = (draft: Draft, changes: object = {}) =>
  bed.ask('POST', `/${draft.id}/live`, {
    version: draft.version,
    acceptSpecimen: true,
    ...changes,
  })

describe('[P3] a channel without code, from a template to the hospital', () => {
  let draft: Draft

  it('begins as a template that has no problems, and lists it', async () => {
    const { body: offered } = await bed.ask('GET', '/channel-templates')
    expect(offered.items.map(({ name }: { name: string }) => name)).toContain('digital-rmb')
    const { body: schema } = await bed.ask('GET', '/channel-descriptor-schema')
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['wire', 'charge']))
    draft = await begin()
    expect(draft).toMatchObject({
      version: 1,
      problems: [],
      methods: ['qr_code'],
      obstacles: ['params_missing', 'not_tested'],
    })
    expect(draft.descriptor).toContain('name: city-rmb')
    const { body } = await bed.ask('GET', '')
    expect(body.items).toMatchObject([{ id: draft.id, name: 'city-rmb', live: null }])
  })

  it('does not go live before its parameters are there, nor before it is tested', async () => {
    expect(await live(draft)).toMatchObject({
      status: 422,
      body: { code: 'channels.draft_params_missing' },
    })
    draft = await fill(draft, sandbox.params)
    expect(draft).toMatchObject({ version: 2, obstacles: ['not_tested'] })
    expect(await live(draft)).toMatchObject({
      status: 422,
      body: { code: 'channels.draft_not_tested', params: { why: 'not_tested' } },
    })
  })

  it('never gives a secret back, nor keeps it readable', async () => {
    const { sm4Key = '', merchantPrivateKey = '' } = sandbox.params
    const { text, body } = await bed.ask('GET', `/${draft.id}`)
    expect(text).not.toContain(sm4Key)
    expect(text).not.toContain(merchantPrivateKey)
    expect(body.params).toContainEqual(
      expect.objectContaining({ name: 'sm4Key', isSecret: true, isSet: true, value: null }),
    )
    expect(body.params).toContainEqual(
      expect.objectContaining({ name: 'merchantNo', value: '880100000001' }),
    )
    const { rows } = await inHospital(bed.db, HOSPITAL, (tx) =>
      sql<{ row: string }>`select d::text as row from channels.draft d`.execute(tx),
    )
    expect(rows.map(({ row }) => row).join()).not.toContain(sm4Key)
  })

  it('shows each operation with its request, signed text, answer and mapping, secrets masked', async () => {
    const { run, checks, path } = await test(draft, 'walk')
    expect([run.status, run.reason]).toEqual(['passed', null])
    expect(checks.map(({ id }: { id: string }) => id)).toEqual([
      'charge.answer',
      'query.confirmed',
      'refund.full',
      'notice.charge',
      'statement.lines',
    ])
    const { body, text } = await bed.ask('GET', `${path}/checks/2/steps`)
    const kinds = new Set(body.steps.map(({ step }: { step: string }) => step))
    for (const kind of ['mapping', 'signature', 'request', 'response', 'proof', 'reading']) {
      expect(kinds).toContain(kind)
    }
    for (const secret of ['sm4Key', 'merchantPrivateKey']) {
      expect(text).not.toContain(sandbox.params[secret])
    }
    expect(await live(draft)).toMatchObject({ body: { params: { why: 'not_tested' } } })
  })

  it('goes live when every check passed for this very version, and a change undoes that', async () => {
    const { run, checks } = await test(draft, 'suite')
    expect(checks.filter(({ outcome }: { outcome: string }) => outcome === 'failed')).toEqual([])
    expect(run).toMatchObject({ status: 'passed', count: checks.length })
    expect(checks.length).toBeGreaterThan(50)

    const before = draft.descriptor
    const changed = await write(draft, `${before}\n`)
    expect(changed.obstacles).toEqual(['tested_before_a_change'])
    expect((await live(changed)).body.params.why).toBe('tested_before_a_change')
    expect((await live(draft)).body.code).toBe('channels.draft_changed')

    draft = changed
    expect((await test(draft, 'suite')).run.status).toBe('passed')
    expect(await live(draft, { acceptSpecimen: false })).toMatchObject({
      status: 422,
      body: { code: 'channels.draft_is_specimen' },
    })
    expect(await live(draft)).toMatchObject({
      status: 200,
      body: { live: { name: 'city-rmb', version: draft.version }, obstacles: [] },
    })
    const providers = await bed.hub.providersOf(HOSPITAL)
    expect(providers.get('city-rmb')).toMatchObject({ name: 'city-rmb', methods: ['qr_code'] })
    const { rows } = await inHospital(bed.db, HOSPITAL, (tx) =>
      sql<object>`select name, enabled, tier, payment_limit_fen from channels.channel`.execute(tx),
    )
    expect(rows).toEqual([
      { name: 'city-rmb', enabled: false, tier: null, payment_limit_fen: 100_000_000 },
    ])
  }, 180_000)

  it('takes no name that another channel has', async () => {
    const second = await fill(await begin('city-rmb'), sandbox.params)
    expect((await test(second, 'suite')).run.status).toBe('passed')
    expect(await live(second)).toMatchObject({
      status: 409,
      body: { code: 'channels.draft_name_taken' },
    })
    const asHis = await write(second, second.descriptor.replace(/^name: .*$/m, 'name: his'))
    expect((await test(asHis, 'suite')).run.status).toBe('passed')
    expect((await live(asHis)).body.code).toBe('channels.draft_name_taken')
  }, 180_000)
})

describe('what is refused, and loses nothing', () => {
  it.each(['finance', 'cashier', 'auditor', null] as const)('rights: %s', async (role) => {
    const status = role === null ? 401 : 403
    expect((await bed.ask('GET', '', undefined, role)).status).toBe(status)
    expect((await bed.ask('POST', '', { template: 'digital-rmb' }, role)).status).toBe(status)
    expect((await bed.ask('GET', '/channel-templates', undefined, role)).status).toBe(status)
    const foreign = await bed.ask('GET', '/hospitals/2/channel-drafts', undefined, role ?? 'it')
    expect(foreign.status).toBe(403)
  })

  it('a secret that is none, by its field and without its value', async () => {
    const draft = await begin()
    const { id, version } = draft
    const values = { merchantNo: '880100000001', sm4Key: 'no-key-at-all' }
    const { status, body, text } = await bed.ask('PUT', `/${id}/params`, { from: version, values })
    expect([status, body]).toMatchObject([
      400,
      { code: 'declarative.params_invalid', params: { field: '/sm4Key' } },
    ])
    expect(text).not.toContain('no-key-at-all')
    const strange = { from: version, values: { surplus: 'x' } }
    expect((await bed.ask('PUT', `/${id}/params`, strange)).body.params.field).toBe('/surplus')
    expect((await bed.ask('GET', `/${id}`)).body).toMatchObject({ version: 1 })
  })

  it('a well-formed secret of somebody else fails the checks, and does not go live', async () => {
    const wrong = { ...sandbox.params, sm4Key: 'ffffffffffffffffffffffffffffffff' }
    const draft = await fill(await begin('other-rmb'), wrong)
    const { run, checks } = await test(draft, 'walk')
    expect(run.status).toBe('failed')
    expect(checks[0]).toMatchObject({ outcome: 'failed', what: 'a charge' })
  }, 60_000)

  it('a secret is not kept for a parameter that is made a plain text', async () => {
    const draft = await fill(await begin(), sandbox.params)
    const opened = draft.descriptor
      .replace('format: sm2_private_key', 'format: text')
      .replace('key: merchantPrivateKey', 'key: sm4Key')
      .replace(
        'algorithm: SM2\n    encoding: hex\n    key: sm4Key',
        'algorithm: HMAC-SHA256\n    encoding: hex\n    key: sm4Key',
      )
    const changed = await write(draft, opened)
    expect(changed.problems).toEqual([])
    expect(changed.params).toContainEqual(
      expect.objectContaining({ name: 'merchantPrivateKey', isSet: false, value: null }),
    )
    expect(JSON.stringify(changed)).not.toContain(sandbox.params['merchantPrivateKey'])
  })

  it('a text that is too long, before it is read', async () => {
    const { id, version } = await begin()
    const descriptor = '#'.repeat(262_145)
    expect(await bed.ask('PUT', `/${id}`, { from: version, descriptor })).toMatchObject({
      status: 400,
      body: { code: 'http.invalid_request', params: { field: 'body/descriptor' } },
    })
    const huge = { from: version, descriptor: '#'.repeat(1_100_000) }
    expect((await bed.ask('PUT', `/${id}`, huge)).status).toBe(413)
    const values = { sm4Key: 'f'.repeat(16_385) }
    expect((await bed.ask('PUT', `/${id}/params`, { from: version, values })).status).toBe(400)
  })

  it('a pointer that is none is shown at its field, and keeps the draft from the bench', async () => {
    const draft = await begin()
    const wrong = draft.descriptor.replace('signature: field:/sign', 'signature: field:sign')
    const { body } = await bed.ask('POST', '/check', { descriptor: wrong })
    expect(body.problems).toContainEqual(
      expect.objectContaining({ pointer: '/answers/verify/signature', code: 'wrong_form' }),
    )
    const saved = await write(draft, wrong)
    expect(saved).toMatchObject({ version: 2, obstacles: ['has_problems', 'not_tested'] })
    const run = { version: 2, kind: 'walk', sandboxUrl: sandbox.url }
    expect(await bed.ask('POST', `/${draft.id}/runs`, run)).toMatchObject({
      status: 422,
      body: { code: 'channels.draft_has_problems' },
    })
    const values = { merchantNo: '880100000001' }
    const filled = await bed.ask('PUT', `/${draft.id}/params`, { from: 2, values })
    expect(filled.body.code).toBe('channels.draft_has_problems')
  })

  it('a change of what somebody else has changed since', async () => {
    const draft = await begin()
    await write(draft, `${draft.descriptor}# mine\n`)
    const { id, version } = draft
    const late = await bed.ask('PUT', `/${id}`, { from: version, descriptor: 'format: 1' })
    expect([late.status, late.body.code]).toEqual([409, 'channels.draft_changed'])
    expect((await bed.ask('GET', `/${id}`)).body.descriptor).toContain('# mine')
  })

  it.each([
    ['http://10.0.0.1', 'not_https'],
    ['https://10.0.0.1', 'private'],
    ['https://169.254.169.254', 'private'],
    ['https://[::ffff:127.0.0.1]', 'private'],
    ['https://u:p@bank.example', 'has_credentials'],
    ['https://bank.example/path', 'has_path'],
    ['https://intranet', 'private'],
    ['file:///etc/passwd', 'not_https'],
    ['bank', 'not_a_url'],
  ])('a sandbox at %s', async (sandboxUrl, why) => {
    const draft = await fill(await begin(), sandbox.params)
    const { version } = draft
    const run = { version, kind: 'walk', sandboxUrl }
    expect((await bed.ask('POST', `/${draft.id}/runs`, run)).body).toMatchObject({
      code: 'channels.draft_address_refused',
      params: { why },
    })
    await bed.ask('DELETE', `/${draft.id}`)
  })

  it('two runs at one time, a draft that is gone, a template that is none', async () => {
    const draft = await fill(await begin(), sandbox.params)
    const run = { version: draft.version, kind: 'suite', sandboxUrl: sandbox.url }
    expect((await bed.ask('POST', `/${draft.id}/runs`, run)).status).toBe(202)
    expect((await bed.ask('POST', `/${draft.id}/runs`, run)).body.code).toBe(
      'channels.draft_run_running',
    )
    expect((await bed.ask('DELETE', `/${draft.id}`)).status).toBe(204)
    expect((await bed.ask('GET', `/${draft.id}`)).body.code).toBe('channels.draft_not_found')
    const unknown = await bed.ask('POST', '', { template: 'nothing' })
    expect(unknown.body.code).toBe('channels.draft_template_unknown')
  })
})

it('outside a demo nothing on this machine may be called', async () => {
  const strict = await openBed({ isDemo: false })
  try {
    const { body } = await strict.ask('POST', '', { template: 'digital-rmb', name: 'strict' })
    const values = sandbox.params
    const filled = await strict.ask('PUT', `/${body.id}/params`, { from: 1, values })
    const run = { version: filled.body.version, kind: 'walk', sandboxUrl: sandbox.url }
    expect((await strict.ask('POST', `/${body.id}/runs`, run)).body).toMatchObject({
      code: 'channels.draft_address_refused',
      params: { why: 'not_https' },
    })
  } finally {
    await strict.close()
  }
})
