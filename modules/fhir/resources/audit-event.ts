import type { HospitalId, Id } from '../../../kernel/id.ts'
import type { AuditEntry } from '../../../platform/audit.ts'
import { HL7, hospitalReference, OWN } from '../elements.ts'
import { written } from '../search/dates.ts'
import { date, type Parameter, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'

export type AuditEventSource = { hospitalId: HospitalId; entry: AuditEntry }

/** Who did what to which thing. Things and people are named by their ids, as the audit has them. */
export const toAuditEvent = ({ hospitalId, entry }: AuditEventSource) => {
  const { id, at, actor, action, subject, outcome, detail, requestId } = entry
  const [kind = ''] = actor.split(':')
  const details = Object.entries(detail).map(([type, value]) => ({
    type,
    valueString: value === null || value === '' ? '-' : String(value),
  }))
  const isPerson = subject.startsWith('person:')
  return {
    resourceType: 'AuditEvent' as const,
    id,
    type: { system: `${HL7}/audit-event-type`, code: 'rest', display: 'RESTful Operation' },
    subtype: [{ system: `${OWN}:audit-action`, code: action }],
    recorded: at.toISOString(),
    outcome: outcome === 'done' ? '0' : '4',
    ...(outcome === 'done' ? {} : { outcomeDesc: outcome }),
    agent: [
      {
        who: {
          ...(kind === 'person' ? { type: 'Patient' } : {}),
          identifier: { system: `${OWN}:actor`, value: actor },
        },
        requestor: kind !== 'system',
      },
    ],
    source: { observer: hospitalReference(hospitalId) },
    entity: [
      {
        what: isPerson
          ? { reference: `Patient/${subject.slice('person:'.length)}` }
          : { identifier: { system: `${OWN}:subject`, value: subject } },
        ...(requestId === null && details.length === 0
          ? {}
          : {
              detail: [
                ...(requestId === null ? [] : [{ type: 'request', valueString: requestId }]),
                ...details,
              ],
            }),
      },
    ],
  }
}

type AuditEvent = ReturnType<typeof toAuditEvent>

const parameters: Parameter<AuditEvent>[] = [
  date('date', 'When it was done', (event) => written(event.recorded)),
  date('_lastUpdated', 'The same: it never changes', (event) => written(event.recorded)),
  token('subtype', 'The act: payments.confirm', (event) => event.subtype),
  token('outcome', '0 done, 4 not done', (event) => [event.outcome]),
  token('agent', 'Who: staff:<id>. A token here', ({ agent }) =>
    agent.map(({ who }) => ({ system: who.identifier.system, code: who.identifier.value })),
  ),
  token('entity', 'The thing: payment:<id>, person:<id>. A token here', ({ entity }) =>
    entity.map(({ what }) =>
      'reference' in what
        ? { system: `${OWN}:subject`, code: what.reference.replace('Patient/', 'person:') }
        : { system: what.identifier.system, code: what.identifier.value },
    ),
  ),
]

export const auditEventType: FhirType<AuditEventSource, AuditEvent> = {
  type: 'AuditEvent',
  documentation: 'Who did what at the hospital; for its auditors',
  toResource: toAuditEvent,
  parameters,
  example: {
    hospitalId: 1 as HospitalId,
    entry: {
      id: '0190b3a0-0000-7000-8000-000000000010' as Id<'Audit'>,
      at: new Date('2026-11-23T02:00:00Z'),
      actor: 'staff:0190b3a0-0000-7000-8000-000000000011',
      action: 'person_index.match',
      subject: 'persons',
      outcome: 'done',
      detail: { found: 2 },
      requestId: '0190b3a0-0000-7000-8000-000000000012',
    },
  },
}
