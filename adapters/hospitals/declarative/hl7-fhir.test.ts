import iconv from 'iconv-lite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createOwnMemory, type HospitalSystem } from '../../../modules/hospitals/index.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createDescribedHospital, readProduct, shippedProduct } from './index.ts'
import { type Reply, startScriptedHost } from './testing/scripted-host.ts'
import { type LineReply, startScriptedMllp } from './testing/scripted-mllp.ts'

// The shipped product of HL7 and FHIR against two hosts that misbehave: what it makes of each answer.

const { clock, random } = testPlatform()
const call = { trace: () => undefined }
let line: Awaited<ReturnType<typeof startScriptedMllp>>
let host: Awaited<ReturnType<typeof startScriptedHost>>
let his: HospitalSystem

beforeAll(async () => {
  line = await startScriptedMllp()
  host = await startScriptedHost()
})
afterAll(() => Promise.all([line.close(), host.close()]))
beforeEach(() => {
  host.came.length = 0
  line.came.length = 0
  const read = readProduct(shippedProduct('hl7-fhir').replace('timeoutMs: 10000', 'timeoutMs: 700'))
  if (read.outcome === 'wrong') throw new Error(JSON.stringify(read.problems))
  const params = { host: '127.0.0.1', port: String(line.port), fhirUrl: host.url, facility: 'H1' }
  const deps = { clock, random, timeoutMs: 20_000, memory: createOwnMemory() }
  his = createDescribedHospital(read.product, { params, codes: {} }, deps)
})

const cancel = () => his.cancelRefund(call, { refundNo: 'R1', reason: '不退了' })

const answerOf =
  (ack: string, error = '') =>
  (controlId: string): LineReply => ({
    text: `MSH|^~\\&|YQHIS|H1|YIQIAO|HUB|20261123080000||ACK^P03^ACK|H1|P|2.5||||||GB 18030-2000\rMSA|${ack}|${controlId}\r${error}`,
  })

describe('[H2] an acknowledgement of HL7', () => {
  it.each<[string, string, string, object]>([
    ['AA', 'AA', '', { outcome: 'ok' }],
    [
      'AE with the hospital’s own code and what belongs to it',
      'AE',
      'ERR|||206^locked^HL70357|E|BILL_CHANGED|3~20.50||账单已变更\r',
      {
        outcome: 'refused',
        code: 'bill_changed',
        detail: { message: '账单已变更', version: 3, totalFen: 2_050 },
      },
    ],
    [
      'AE: which lines',
      'AE',
      'ERR|||206^locked^HL70357|E|REFUND_NOT_ALLOWED|1~3||已发药\r',
      { outcome: 'refused', code: 'refund_not_allowed', detail: { lines: [1, 3] } },
    ],
    [
      'AE: busy, and nothing was done',
      'AE',
      'ERR|||207^x^HL70357|E|SYSTEM_BUSY\r',
      { outcome: 'unknown' },
    ],
    ['AE with a code nobody knows', 'AE', 'ERR|||206^x|E|NEW_CODE\r', { outcome: 'unknown' }],
    ['AE without any code', 'AE', '', { outcome: 'unknown' }],
    [
      'AR: it was not read',
      'AR',
      'ERR|||100^Segment sequence error^HL70357|E\r',
      { outcome: 'refused', code: 'invalid_request' },
    ],
    [
      'AR: not a message of theirs',
      'AR',
      'ERR|||200^Unsupported message type^HL70357|E\r',
      { outcome: 'refused', code: 'not_supported' },
    ],
    ['AR for a reason nobody knows', 'AR', 'ERR|||207^x^HL70357|E\r', { outcome: 'unknown' }],
    ['CA: taken, and not done', 'CA', '', { outcome: 'unknown' }],
    ['CR: rejected at the door', 'CR', '', { outcome: 'refused', code: 'invalid_request' }],
    ['CE: something is wrong at the door', 'CE', '', { outcome: 'unknown' }],
  ])('%s', async (_what, ack, error, wanted) => {
    line.answer = answerOf(ack, error)
    expect(await cancel()).toMatchObject(wanted)
  })

  it('is looked for under a control id of its own, whatever is sent again', async () => {
    line.answer = answerOf('AA')
    await cancel()
    await cancel()
    const ids = line.came.map((text) => text.split('|')[9])
    expect(new Set(ids).size).toBe(2)
  })
})

describe('[H2] what comes over HL7 and cannot be believed is unknown', () => {
  const framed = (bytes: Buffer): LineReply => ({
    bytes: Buffer.concat([Buffer.from([0x0b]), bytes, Buffer.from([0x1c, 0x0d])]),
  })
  const textOf = (controlId: string, rest = '') => {
    const said = answerOf('AA', rest)(controlId)
    return 'text' in said ? said.text : ''
  }

  it.each<[string, (controlId: string) => LineReply]>([
    ['silence', () => ({ silent: true })],
    ['a byte now and then', () => ({ drip: true })],
    ['HTML', () => ({ bytes: Buffer.from('<html>504</html>') })],
    ['HTML in a frame', () => framed(Buffer.from('<html>504</html>'))],
    ['two messages in one frame', (id) => ({ text: textOf(id) + textOf(id) })],
    [
      'bytes of another charset than it says',
      (id) =>
        framed(Buffer.concat([Buffer.from(textOf(id, 'NTE|1||')), Buffer.from([0xff, 0x0d])])),
    ],
    [
      'a charset nobody speaks here',
      (id) => framed(iconv.encode(textOf(id).replace('GB 18030-2000', 'BIG-5'), 'gb18030')),
    ],
    ['the answer to another message', () => answerOf('AA')('ANOTHER')],
    ['no acknowledgement', (id) => ({ text: textOf(id).replace('MSA|', 'ZZZ|') })],
    [
      '100 MB',
      () => ({ bytes: Buffer.concat([Buffer.from([0x0b]), Buffer.alloc(100_000_000, 65)]) }),
    ],
  ])('%s', async (_what, reply) => {
    line.answer = reply
    expect(await cancel()).toMatchObject({ outcome: 'unknown' })
  })
})

describe('[H2] FHIR for reading', () => {
  const json = (body: unknown, status = 200): Reply => ({ status, body: JSON.stringify(body) })
  const organization = (code: string) => ({
    resource: { resourceType: 'Organization', id: code, name: `科室${code}` },
  })
  const bundle = (codes: string[], next?: string) => ({
    resourceType: 'Bundle',
    link: next === undefined ? [] : [{ relation: 'next', url: next }],
    entry: codes.map(organization),
  })
  const empty = { resourceType: 'Bundle', type: 'searchset', total: 0 }
  const departments = async () => {
    const answer = await his.departments(call)
    return answer.outcome === 'ok' ? answer.data.map(({ code }) => code) : answer
  }
  const pagesOf =
    (page: (url: string) => Reply): typeof host.answer =>
    ({ url }) =>
      url.startsWith('/fhir/Organization') ? page(url) : json(empty)

  it('turns all pages of an answer', async () => {
    host.answer = pagesOf((url) =>
      json(
        url.includes('at=2')
          ? bundle(['3'])
          : bundle(['1', '2'], `${host.url}/fhir/Organization?at=2`),
      ),
    )
    expect(await departments()).toEqual(['1', '2', '3'])
  })

  it.each([
    ['another host', () => 'http://127.0.0.1:1/fhir/Organization?at=2'],
    ['no address', () => 'Organization?at=2'],
    ['a file', () => 'file:///etc/passwd'],
  ])('does not follow to %s', async (_what, next) => {
    host.answer = pagesOf(() => json(bundle(['1'], next())))
    expect(await departments()).toMatchObject({ outcome: 'unknown' })
    expect(host.came).toHaveLength(1)
  })

  it('gives up on pages that do not end', async () => {
    host.answer = pagesOf(() => json(bundle([], `${host.url}/fhir/Organization?at=2`)))
    expect(await departments()).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringMatching(/do not end/) as unknown,
    })
  })

  it.each<[string, Reply, object]>([
    ['an OperationOutcome that says busy', outcome(503, 'transient'), { outcome: 'unknown' }],
    [
      'one that says what is wrong',
      outcome(400, 'invalid'),
      { outcome: 'refused', code: 'invalid_request' },
    ],
    [
      'one that does not know the type',
      outcome(404, 'not-supported'),
      { outcome: 'refused', code: 'not_supported' },
    ],
    ['one with the status 200', outcome(200, 'exception'), { outcome: 'unknown' }],
    ['HTML', { body: '<html>登录</html>', type: 'text/html' }, { outcome: 'unknown' }],
    ['JSON that is no resource', json({ code: 200 }), { outcome: 'unknown' }],
  ])('%s on the second page is the answer of all', async (_what, second, wanted) => {
    host.answer = pagesOf((url) =>
      url.includes('at=2') ? second : json(bundle(['1'], `${host.url}/fhir/Organization?at=2`)),
    )
    expect(await departments()).toMatchObject(wanted)
  })

  it('keeps the digits of an amount, and refuses a third decimal', async () => {
    const account = (amount: string): Reply => ({
      body: `{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Account","id":"Z1","extension":[${[
        'cost',
        'deposit',
        'settlement-pooled',
        'settlement-account',
        'settlement-payable',
        'settlement-refundable',
      ]
        .map(
          (name) => `{"url":"urn:yqhis:${name}","valueMoney":{"value":${amount},"currency":"CNY"}}`,
        )
        .join(',')}]}}]}`,
    })
    host.answer = () => account('90071992547409.91')
    expect(await his.preSettleStay(call, 'Z1')).toMatchObject({
      data: { totalFen: 9_007_199_254_740_991 },
    })
    host.answer = () => account('1.005')
    expect(await his.preSettleStay(call, 'Z1')).toMatchObject({ outcome: 'unknown' })
  })

  function outcome(status: number, code: string): Reply {
    return json({ resourceType: 'OperationOutcome', issue: [{ code, diagnostics: '…' }] }, status)
  }
})
