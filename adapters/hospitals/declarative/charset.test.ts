import { createHash } from 'node:crypto'

import iconv from 'iconv-lite'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { seededRandom } from '../../../kernel/random.ts'
import { createOwnMemory } from '../../../modules/hospitals/index.ts'
import { systemClock } from '../../../platform/system.ts'
import { createDescribedHospital } from './hospital.ts'
import { readStoredHospital } from './stored.ts'
import { startScriptedHost } from './testing/scripted-host.ts'

// A form whose percent signs stand for bytes of GB18030, signed in those bytes, and an answer that is signed likewise.

const KEY = 'a-key'
const SIGNED = `
      algorithm: MD5
      encoding: hex
      content: { kind: sorted_fields, exclude: [S], keySuffix: '&K=' }`
const PRODUCT = `
format: 1
name: charset
version: '1'
titles: { zh: 字符集, en: Charsets }
source: this test
parameters:
  - { name: url, title: { zh: 地址, en: Address }, format: base_url }
  - { name: key, title: { zh: 密钥, en: Key }, format: key_text }
wires:
  his:
    kind: http
    host: url
    method: POST
    path: /
    content: form
    answerContent: xml
    encoding: gb18030
    sign:${SIGNED}
      key: key
      field: S
    verify:${SIGNED}
      keys: [{ key: key }]
      signature: field:/S
success: body.C = "0"
operations:
  patients.resolve:
    steps: [{ name: who, wire: his, body: '{ "N": asked.idCardNo, "XM": asked.name }' }]
    answer: '{ "patientNo": "1", "name": steps.who.XM, "cardNo": "1" }'
`

let host: Awaited<ReturnType<typeof startScriptedHost>>
beforeAll(async () => {
  host = await startScriptedHost()
})
afterAll(() => host.close())

const md5 = (text: string, encoding: string) =>
  createHash('md5').update(iconv.encode(text, encoding)).digest('hex')

const answerSigned = (name: string, encoding: string) => {
  const sign = md5(`C=0&XM=${name}&K=${KEY}`, encoding)
  const body = iconv.encode(
    `<R><C>0</C><XM>${name.replaceAll('&', '&amp;')}</XM><S>${sign}</S></R>`,
    'gb18030',
  )
  return () => ({ body, type: 'text/xml' })
}

function resolve(name: string) {
  const params = { url: host.url, key: KEY }
  const { product, words } = readStoredHospital({ product: PRODUCT, params, codes: {} })
  const deps = { clock: systemClock, random: seededRandom('charset'), timeoutMs: 5_000 }
  const his = createDescribedHospital(product, words, { ...deps, memory: createOwnMemory() })
  return his.resolvePatient({ trace: () => undefined }, { idCardNo: '110101199001010015', name })
}

it.each(['王芳', '古丽·买买提', '王𠮷', 'A&B=C +%~'])(
  '[H2] sends %s in GB18030, signs it so, and believes what is signed so',
  async (name) => {
    host.answer = answerSigned(name, 'gb18030')
    expect(await resolve(name)).toMatchObject({ outcome: 'ok', data: { patientNo: '1' } })
    const sent = host.came.at(-1)?.body.toString('latin1') ?? ''
    expect(sent).toMatch(/^[A-Za-z0-9_.~%&=-]+$/)
    const fields = new Map(sent.split('&').map((pair) => pair.split('=') as [string, string]))
    const bytes = Buffer.from(
      (fields.get('XM') ?? '').replaceAll(/%(..)/g, (_all, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
      'latin1',
    )
    expect(bytes).toEqual(iconv.encode(name, 'gb18030'))
    const signed = `N=110101199001010015&XM=${name}&K=${KEY}`
    expect(fields.get('S')).toBe(md5(signed, 'gb18030'))
  },
)

it('[H2] does not believe an answer that is signed in another encoding', async () => {
  host.answer = answerSigned('王芳', 'utf8')
  const answer = await resolve('王芳')
  expect(answer).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('signature') })
})
