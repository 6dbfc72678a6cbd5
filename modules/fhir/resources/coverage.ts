import { createHash } from 'node:crypto'

import type { HospitalId } from '../../../kernel/id.ts'
import { businessDate, type BusinessDate } from '../../../kernel/time.ts'
import { patientReference, SYSTEMS } from '../elements.ts'
import { type Parameter, reference, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'

/** The public insurance a person has a voucher of, or a policy of an insurer that the person has bound. */
export type CoverageSource =
  | { kind: 'medical'; hospitalId: HospitalId; personId: string; voucher: Voucher }
  | { kind: 'commercial'; hospitalId: HospitalId; personId: string; policy: PolicyFacts }

type Voucher = { id: string; masked: string }
type PolicyFacts = {
  insurerCode: string
  policyNo: string
  product: { code: string; name: string }
  state: 'in_force' | 'suspended' | 'lapsed'
  validFrom: BusinessDate
  validUntil: BusinessDate
  verifiedAt: Date
}

export const toCoverage = (source: CoverageSource) => ({
  resourceType: 'Coverage' as const,
  ...(source.kind === 'medical' ? medical(source.voucher) : commercial(source)),
  beneficiary: patientReference(source.personId),
})

const medical = ({ id, masked }: Voucher) => ({
  id,
  status: 'active',
  type: {
    coding: [{ system: SYSTEMS.medium('insurance_voucher'), code: 'medical' }],
    text: '基本医疗保险',
  },
  subscriberId: masked,
  payor: [{ display: '医疗保障经办机构' }],
})

function commercial({ personId, policy }: Extract<CoverageSource, { kind: 'commercial' }>) {
  const { insurerCode, policyNo, product, state, validFrom, validUntil, verifiedAt } = policy
  return {
    // A policy has no id of the hub's; whose it is and its number say which one it is, and stand in no URL.
    id: createHash('sha256')
      .update(`${personId}\n${insurerCode}\n${policyNo}`)
      .digest('hex')
      .slice(0, ID_CHARACTERS),
    meta: { lastUpdated: verifiedAt.toISOString() },
    status: state === 'lapsed' ? 'cancelled' : 'active',
    type: {
      coding: [{ system: `urn:yiqiao:insurer:${insurerCode}:product`, code: product.code }],
      text: product.name,
    },
    policyHolder: patientReference(personId),
    subscriberId: policyNo,
    period: { start: validFrom, end: validUntil },
    payor: [{ identifier: { system: 'urn:yiqiao:insurer', value: insurerCode } }],
  }
}

const ID_CHARACTERS = 40

type Coverage = ReturnType<typeof toCoverage>

const parameters: Parameter<Coverage>[] = [
  reference('patient', 'Whose it is', (coverage) => [coverage.beneficiary]),
  reference('beneficiary', 'The same', (coverage) => [coverage.beneficiary]),
  token('status', 'active, cancelled', (coverage) => [coverage.status]),
  token('type', 'medical, or the product of an insurer', (coverage) => [coverage.type]),
]

export const coverageType: FhirType<CoverageSource, Coverage> = {
  type: 'Coverage',
  documentation:
    'What pays for a person: the public medical insurance, and policies they have bound',
  toResource: toCoverage,
  parameters,
  example: {
    kind: 'commercial',
    hospitalId: 1 as HospitalId,
    personId: '0190b3a0-0000-7000-8000-000000000001',
    policy: {
      insurerCode: 'huiyibao',
      policyNo: 'HYB20260001',
      product: { code: 'MZ01', name: '门诊医疗险' },
      state: 'in_force',
      validFrom: businessDate('2026-01-01'),
      validUntil: businessDate('2026-12-31'),
      verifiedAt: new Date('2026-11-20T02:00:00Z'),
    },
  },
}
