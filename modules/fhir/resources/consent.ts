import type { HospitalId } from '../../../kernel/id.ts'
import { HL7, hospitalReference, OWN, patientReference } from '../elements.ts'
import { written } from '../search/dates.ts'
import { date, type Parameter, reference, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'

/** What a person allowed whom, whichever part of the hub keeps it. */
export type ConsentSource = {
  hospitalId: HospitalId
  personId: string
  id: string
  /** 'coverage': an insurer's questions and papers. 'application': an institution's software. 'record': another hospital. */
  kind: 'coverage' | 'application' | 'record'
  /** Whom it lets: the code of an insurer, the id of an application, the number of a hospital. */
  recipient: string
  /** What for: 'policy_check', 'pay'. */
  purposes: readonly string[]
  /** Of the text that the person agreed to; what else it rests on, where there was none. */
  textVersion: string
  givenAt: Date
  expiresAt: Date
  endedAt: Date | null
  isInForce: boolean
}

export const toConsent = (source: ConsentSource) => {
  const { kind, recipient, purposes, expiresAt, endedAt, givenAt } = source
  const end = endedAt && endedAt < expiresAt ? endedAt : expiresAt
  return {
    resourceType: 'Consent' as const,
    id: source.id,
    meta: { lastUpdated: (endedAt ?? givenAt).toISOString() },
    status: source.isInForce ? 'active' : 'inactive',
    scope: { coding: [{ system: `${HL7}/consentscope`, code: 'patient-privacy' }] },
    category: [{ coding: [{ system: `${OWN}:consent-kind`, code: kind }] }],
    patient: patientReference(source.personId),
    dateTime: givenAt.toISOString(),
    organization: [hospitalReference(source.hospitalId)],
    policy: [{ uri: `${OWN}:consent-text:${kind}:${encodeURIComponent(source.textVersion)}` }],
    provision: {
      type: 'permit',
      period: { start: givenAt.toISOString(), end: end.toISOString() },
      actor: [
        {
          role: { coding: [{ system: `${HL7}/v3-ParticipationType`, code: 'IRCP' }] },
          reference: {
            type: 'Organization',
            identifier: { system: `${OWN}:${RECIPIENT[kind]}`, value: recipient },
          },
        },
      ],
      purpose: purposes.map((code) => ({ system: `${OWN}:purpose`, code })),
    },
  }
}

const RECIPIENT = { coverage: 'insurer', application: 'application', record: 'hospital' } as const

type Consent = ReturnType<typeof toConsent>

const parameters: Parameter<Consent>[] = [
  reference('patient', 'Who allowed it', (consent) => [consent.patient]),
  token('status', 'active, inactive', (consent) => [consent.status]),
  token('category', 'coverage, application, record', (consent) => consent.category),
  date('date', 'When it was given', (consent) => written(consent.dateTime)),
  date('_lastUpdated', 'When it was given or ended', ({ meta }) => written(meta.lastUpdated)),
]

export const consentType: FhirType<ConsentSource, Consent> = {
  type: 'Consent',
  documentation:
    'What a person allowed an insurer, an institution’s application or another hospital',
  toResource: toConsent,
  parameters,
  example: {
    hospitalId: 1 as HospitalId,
    personId: '0190b3a0-0000-7000-8000-000000000001',
    id: '0190b3a0-0000-7000-8000-00000000000e',
    kind: 'application',
    recipient: '0190b3a0-0000-7000-8000-00000000000f',
    purposes: ['verify', 'pay'],
    textVersion: '2026-11',
    givenAt: new Date('2026-11-01T02:00:00Z'),
    expiresAt: new Date('2027-11-01T02:00:00Z'),
    endedAt: null,
    isInForce: true,
  },
}
