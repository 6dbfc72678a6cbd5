import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { PersonId } from '../identity/index.ts'
import { type ActRow, listActs, listAttributions } from './act-store.ts'
import type { PersonIndexDependencies, TrailPayment } from './dependencies.ts'

/** One person's records with what belongs to each: the charts, the money, and what was decided. */
export function createTrail({ db, identity, trail }: PersonIndexDependencies) {
  return { personPicture }

  /** Of the current person that a record is read as, at one hospital. */
  async function personPicture(personId: PersonId, hospitalId: HospitalId): Promise<PersonPicture> {
    const records = await identity.recordsOf(personId)
    const charts = await Promise.all(
      records.map(async (record) => {
        const known = await identity.hospitalsOf(record)
        return known
          .filter((chart) => chart.hospitalId === hospitalId)
          .map(({ patientNo }) => ({ personId: record, patientNo }))
      }),
    )
    const { payments, acts } = await inHospital(db, hospitalId, async (tx) => {
      const attributions = await listAttributions(tx, hospitalId, records)
      const shownWith = new Map(attributions.map((row) => [row.payment_id, row]))
      const elsewhere = attributions.map((row) => row.from_person_id)
      const asked = [...new Set([...records, ...elsewhere])]
      const made = trail && (await trail.paymentsOf(tx, hospitalId, asked))
      const shown = made
        ?.map((payment) => withOwner(payment, shownWith.get(payment.paymentId)?.person_id))
        .filter((payment) => records.includes(payment.shownWith))
      return { payments: shown ?? null, acts: await listActs(tx, hospitalId, records) }
    })
    return {
      currentPersonId: records[0] ?? personId,
      records,
      charts: charts.flat(),
      payments,
      acts,
    }
  }
}

const withOwner = (payment: TrailPayment, shownWith: PersonId | undefined): ShownPayment => ({
  ...payment,
  shownWith: shownWith ?? payment.personId,
})

/** `personId` made it, `shownWith` has it in the trail: another only where two persons have said so. */
export type ShownPayment = TrailPayment & { shownWith: PersonId }

export type PersonPicture = {
  currentPersonId: PersonId
  /** All records that are read as one person, the current one first. */
  records: PersonId[]
  /** Each chart with the record it is of: linking joins none of them. */
  charts: { personId: PersonId; patientNo: string }[]
  /** Null where payments cannot be asked. */
  payments: ShownPayment[] | null
  acts: ActRow[]
}
