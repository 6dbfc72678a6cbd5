// @vitest-environment happy-dom
import { readFileSync } from 'node:fs'

import { afterEach, expect, it } from 'vitest'

import { actFor, actingHeader, actingNow, FOR_MEMBERS, isForMember } from './acting.ts'

type Operation = { 'x-for-member'?: string }

afterEach(() => actFor(null))

it('[I4] knows what the contract lets a carer ask, no less and no more', () => {
  const contract = JSON.parse(readFileSync('contract/hub.json', 'utf8')) as {
    paths: Record<string, Record<string, Operation>>
  }
  const flagged = Object.entries(contract.paths)
    .filter(([, methods]) => Object.values(methods).some((of) => of['x-for-member'] !== undefined))
    .map(([path]) => path)
  expect([...FOR_MEMBERS].toSorted()).toEqual(flagged.toSorted())
})

it('[I4] names the member in what may be asked for them, and nowhere else', () => {
  expect(actingHeader('/v1/hospitals/{hospitalId}/bills')).toEqual({})
  actFor({ memberId: '0199', name: '王小明' })
  expect(actingHeader('/v1/hospitals/{hospitalId}/bills')).toEqual({
    'x-yiqiao-acting-for': '0199',
  })
  expect(actingHeader('/v1/me')).toEqual({})
  expect(actingNow()).toBe(actingNow())
})

it.each([
  ['/', true],
  ['/pay/1', true],
  ['/payments/1/x/receipt', true],
  ['/credit', false],
  ['/account', false],
  ['/family', false],
])('[I4] %s shows what is the member’s: %s', (path, is) => {
  expect(isForMember(path)).toBe(is)
})
