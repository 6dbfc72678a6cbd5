import { expect, it } from 'vitest'

import { readDirectParams } from './direct/index.ts'
import { readFhirParams } from './fhir/index.ts'

const common = { code: 'hyb', name: '惠医保', refundsParts: true }
const direct = {
  ...common,
  hospitalCode: 'H1',
  appId: 'A1',
  secret: '0123456789abcdef',
  baseUrl: 'https://insurer.example',
}
const fhir = {
  ...common,
  namespace: 'https://insurer.example/ns',
  providerCode: 'P1',
  clientId: 'C1',
  clientSecret: '0123456789abcdef',
  baseUrl: 'https://insurer.example',
}

const readers: [string, (value: unknown, place?: { isLive: boolean }) => object, object][] = [
  ['direct', readDirectParams, direct],
  ['fhir', readFhirParams, fhir],
]

it.each(readers)(
  'a contract of %s is read, and its line is encrypted where people are real',
  (adapter, read, params) => {
    const at = (baseUrl: string, isLive: boolean) => () => read({ ...params, baseUrl }, { isLive })
    expect(at('https://insurer.example/x', true)()).toMatchObject({ code: 'hyb' })
    expect(at('http://127.0.0.1:8443', true)()).toMatchObject({ code: 'hyb' })
    expect(at('http://insurer.example', false)()).toMatchObject({ code: 'hyb' })
    const wrong = (field: string) =>
      expect.objectContaining({
        code: 'hospitals.connection_params_invalid',
        params: expect.objectContaining({ adapter, field }),
      })
    for (const plain of ['http://insurer.example', 'http://10.0.0.8', 'http://127.0.0.1.example']) {
      expect(at(plain, true)).toThrow(wrong('baseUrl'))
    }
    for (const odd of ['ftp://insurer.example', 'https://a:b@insurer.example', 'x', '/x?y=1']) {
      expect(at(odd, false)).toThrow(wrong('baseUrl'))
    }
    const unread = () => read({ ...params, name: '' })
    expect(unread).toThrow(wrong('name'))
  },
)
