import { expect, it } from 'vitest'

import type { Draft, OnboardingStep, StepKind } from './draft.ts'
import { proposalsFor } from './proposals.ts'
import { lackingOf } from './readiness.ts'
import { readReviewFile, reviewFile } from './review-file.ts'
import { faultOf } from './trying.ts'

const AT = new Date('2026-11-23T09:00:00+08:00')
const DRAFT: Draft = {
  version: 2,
  productName: 'made-up',
  product: 'format: 1\n',
  params: { baseUrl: 'http://his.example', signKey: 'topsecretkey' },
  departments: { D1: '03' },
  codes: {},
  actor: 'staff:a',
  at: AT,
}
const D1 = { code: 'D1', name: '内科', subjectCode: '03' }
const D2 = { code: 'D2', name: '外科门诊', subjectCode: '' }

const step = (kind: StepKind, isGood = true, version = 2): OnboardingStep => ({
  version,
  no: 1,
  kind,
  isGood,
  detail: kind === 'probe' ? { departments: [D1, D2] } : {},
  actor: 'staff:a',
  at: AT,
})
const codes = (steps: OnboardingStep[], departments: string[] | null) =>
  lackingOf(DRAFT, steps, departments).map(({ code, about }) => `${code}${about && `:${about}`}`)
const ALL = [step('probe'), step('dry_run'), step('conformance')]

it('[H4] names what is missing, and counts no try of an earlier version', () => {
  expect(codes(ALL, ['D1'])).toEqual([])
  const earlier = ALL.map((one) => ({ ...one, version: 1 }))
  expect(codes(earlier, ['D1'])).toEqual([
    'no_probe',
    'no_dry_run',
    'no_conformance',
    'department_unknown:D1',
  ])
  expect(codes([...ALL, step('conformance', false)], ['D1'])).toEqual(['conformance_failed'])
  expect(codes(ALL, null)).toEqual(['department_unmapped:D2'])
  expect(codes(ALL, ['D9'])).toEqual(['department_unknown:D9'])
})

it('[H4] proposes a clinical subject by the hospital’s own code first, then by name', () => {
  expect(proposalsFor(D1)[0]).toMatchObject({ subjectCode: '03', score: 1, reason: 'subject_code' })
  expect(proposalsFor(D2)[0]).toMatchObject({ subjectCode: '04', score: 1, reason: 'name' })
  expect(proposalsFor({ code: 'X', name: '体检中心', subjectCode: '' })).toEqual([])
  const [likest] = proposalsFor({ code: 'X', name: '心血管内科专科', subjectCode: '' })
  expect(likest).toMatchObject({ subjectCode: '03.04', score: 1 })
})

const PARAMETERS = [
  { name: 'baseUrl', title: { zh: '地址', en: 'Address' }, format: 'base_url' as const },
  { name: 'signKey', title: { zh: '密钥', en: 'Key' }, format: 'key_text' as const },
]

it('[H4] is one file without secrets, which comes back with them', () => {
  const { yaml, sha256 } = reviewFile(DRAFT, PARAMETERS)
  expect(yaml).toContain('${secret:signKey}')
  expect(yaml).not.toContain('topsecretkey')
  expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  const { version: _version, actor: _actor, at: _at, ...content } = DRAFT
  expect(readReviewFile(yaml, { signKey: 'topsecretkey' })).toEqual(content)
  const moved = { ...DRAFT, departments: { D1: '04' } }
  expect(reviewFile(moved, PARAMETERS).sha256).not.toBe(sha256)
})

it.each([
  ['without its secret', () => reviewFile(DRAFT, PARAMETERS).yaml],
  ['of another form', () => 'format: 2\n'],
  ['with a field more', () => `${reviewFile(DRAFT, PARAMETERS).yaml}more: 1\n`],
  ['that refers to itself', () => 'a: &a [1]\nb: [*a, *a]\n'],
  ['that is no YAML', () => '{'],
])('refuses a file %s', (_title, textOf) => {
  expect(() => readReviewFile(textOf(), {})).toThrow(/onboarding_file_wrong/)
})

it.each([
  ['connect ECONNREFUSED 127.0.0.1:1', 'refused'],
  ['getaddrinfo ENOTFOUND his.example', 'no_such_host'],
  ['unable to verify the first certificate', 'tls'],
  ['The operation was aborted due to timeout', 'time_out'],
  ['the signature is not theirs', 'signature'],
  ['HTTP 200, and no json', 'not_as_described'],
])('calls %s a fault of the kind %s', (reason, fault) => {
  expect(faultOf({ outcome: 'unknown', reason })).toBe(fault)
})
