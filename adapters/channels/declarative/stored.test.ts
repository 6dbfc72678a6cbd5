import { expect, it } from 'vitest'

import { shippedDescriptor } from './shipped.ts'
import { readStoredChannel } from './stored.ts'

const descriptor = shippedDescriptor('cross-border-wallet')
const params = {
  partnerNo: '880100000001',
  partnerSecret: 'partner-secret-of-the-tests-01',
  baseUrl: 'https://wallet.example',
  notifyUrl: 'https://hub.example/v1/hospitals/1/notices/cross_border',
}

it('reads what is stored for a hospital', () => {
  const stored = readStoredChannel({ descriptor, params })
  expect(stored.descriptor.provider).toBe('cross_border')
  expect(stored.params).toEqual(params)
})

it.each([
  ['a descriptor that is none', { descriptor: 'format: 1', params }, 'descriptor_invalid'],
  ['params that do not fit', { descriptor, params: {} }, 'params_invalid'],
  ['a text', 'text', 'descriptor_invalid'],
  ['more than both', { descriptor, params, more: 1 }, 'descriptor_invalid'],
])('refuses %s by its name', (_what, stored, code) => {
  expect(() => readStoredChannel(stored)).toThrow(`declarative.${code}`)
})
