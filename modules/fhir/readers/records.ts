import { type HospitalId, type Id, isId } from '../../../kernel/id.ts'
import { addDays, addMs, businessDateOf } from '../../../kernel/time.ts'
import { auditEntry, auditPage } from '../../../platform/audit.ts'
import { inHospital } from '../../../platform/db.ts'
import type { HisAnswer, HisCall } from '../../hospitals/index.ts'
import type { PersonId } from '../../identity/index.ts'
import type { Viewer } from '../access.ts'
import type { FhirDependencies } from '../dependencies.ts'
import { fhirErrors } from '../errors.ts'
import { idOf, numberOf } from '../ids.ts'
import { toAuditEvent } from '../resources/audit-event.ts'
import { toDiagnosticReport } from '../resources/diagnostic-report.ts'
import { boundsOf } from '../search/dates.ts'
import { codeOf, datesOf, type SearchQuery } from '../search/query.ts'
import { pageIn, personIn, placeOf, type Reader } from './reader.ts'

// What was found of a person, and what was done at the hospital.

/** Reports of a year are listed unless a search says which. */
const USUAL_DAYS = 366

export function diagnosticReportReader(deps: FhirDependencies): Reader {
  return {
    async read(viewer, id) {
      const reportNo = numberOf(id)
      if (viewer.kind !== 'person' || reportNo === null) return null
      const { hospitalId, personId } = viewer
      const asked = await patientAt(deps, hospitalId, personId)
      if (!asked) return null
      const report = dataOf(await asked.system.report(QUIET, reportNo), 'report_not_found')
      // Of one that is not ready, a hospital may have nothing to tell but that it was ordered.
      if (!report) return listed(await reportsOf(deps, viewer, personId, NO_WISHES), id)
      // The hospital's system was asked by the number alone: whose it is, is seen here.
      if (report.patientNo !== asked.patientNo) return null
      return toDiagnosticReport({ hospitalId, personId, head: report.head, report })
    },
    async page(viewer, query, after, limit) {
      const personId = await personIn(deps, viewer, query)
      if (personId === null || personId === 'nobody') return []
      return pageIn(await reportsOf(deps, viewer, personId, query), after, limit)
    },
  }
}

const NO_WISHES: Pick<SearchQuery, 'wishes'> = { wishes: new Map() }

const listed = <R extends { id: string }>(reports: readonly R[], id: string): R | null =>
  reports.find((report) => report.id === id) ?? null

async function reportsOf(
  deps: FhirDependencies,
  { hospitalId }: Viewer,
  personId: PersonId,
  query: Pick<SearchQuery, 'wishes'>,
) {
  const asked = await patientAt(deps, hospitalId, personId)
  if (!asked) return []
  const bounds = boundsOf(datesOf(query, 'date'))
  const to = businessDateOf(bounds.to ? addMs(bounds.to, -1) : deps.clock.now())
  const from = bounds.from ? businessDateOf(bounds.from) : addDays(to, -USUAL_DAYS)
  if (to < from) return []
  const { patientNo, system } = asked
  const heads = dataOf(await system.reports(QUIET, { patientNo, from, to }), null) ?? []
  return heads
    .filter(({ reportNo }) => idOf(reportNo) !== null)
    .toSorted((a, b) => b.orderedAt.getTime() - a.orderedAt.getTime())
    .map((head) => toDiagnosticReport({ hospitalId, personId, head, report: null }))
}

/** Null for a hospital that is not connected or does not know the person: it has no reports of theirs. */
async function patientAt(
  { systemOf, patientNoOf }: FhirDependencies,
  hospitalId: HospitalId,
  personId: PersonId,
) {
  const system = await systemOf(hospitalId)
  const patientNo = system && (await patientNoOf(personId, hospitalId))
  return system && patientNo ? { system, patientNo } : null
}

/** Errors: throws fhir.hospital_silent, hospital_refused; null for the refusal that says there is none. */
function dataOf<T>(answer: HisAnswer<T>, absent: string | null): T | null {
  switch (answer.outcome) {
    case 'ok':
      return answer.data
    case 'unknown':
      throw fhirErrors.hospital_silent()
    case 'refused':
      if (answer.code === absent) return null
      throw fhirErrors.hospital_refused({ code: answer.code })
  }
}

/** What was found of a person is kept nowhere but at the hospital. */
const QUIET: HisCall = { trace: () => undefined }

export function auditEventReader({ db }: FhirDependencies): Reader {
  return {
    async read({ hospitalId }, id) {
      if (!isId(id)) return null
      const entry = await inHospital(db, hospitalId, (tx) =>
        auditEntry(tx, hospitalId, id as Id<'Audit'>),
      )
      return entry && toAuditEvent({ hospitalId, entry })
    },
    async page({ hospitalId }, query, after, limit) {
      const { from, to } = boundsOf([...datesOf(query, 'date'), ...datesOf(query, '_lastUpdated')])
      const entries = await inHospital(db, hospitalId, (tx) =>
        auditPage(tx, hospitalId, {
          from: from ?? undefined,
          to: to ?? undefined,
          subject: codeOf(query, 'entity') ?? undefined,
          before: placeOf<Id<'Audit'>>(after),
          limit,
        }),
      )
      return entries.map((entry) => ({
        resource: toAuditEvent({ hospitalId, entry }),
        cursor: entry.id,
      }))
    },
  }
}
