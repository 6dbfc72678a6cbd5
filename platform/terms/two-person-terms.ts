import type { AppError, ErrorParams } from '../../kernel/error.ts'
import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { BusinessDate, Clock } from '../../kernel/time.ts'
import type { Audit } from '../audit.ts'
import { type Db, inHospital, type Tx } from '../db.ts'
import type { Actor } from '../principal.ts'
import { type TermsKey, type TermsRow, termsStore } from './terms-store.ts'

/**
 * What a hospital agrees on with others or sets for itself, where one person proposes and another agrees. They are in
 * the table "terms" of the module's schema, of TermsColumns; the module checks the content before it is proposed.
 *
 * @example twoPersonTerms<'SettlementTerms', TermsKind>('settlement', settlementErrors)
 */
export const twoPersonTerms = <IdName extends string, Kind extends string>(
  module: string,
  errors: TermsErrors,
) => {
  const store = termsStore<IdName, Kind>(`${module}.terms`)
  const subjectOf = ({ kind, name }: { kind: Kind; name: string }) => `${module}:${kind}:${name}`

  const propose = (
    { db, clock, newId, audit }: TermsDependencies,
    hospitalId: HospitalId,
    { kind, name, validFrom, content }: NewTerms<Kind>,
    actor: Actor,
  ) =>
    inHospital(db, hospitalId, async (tx) => {
      const id = newId<IdName>()
      await store.insert(tx, {
        hospital_id: hospitalId,
        id,
        kind,
        name,
        valid_from: validFrom,
        content: content as object,
        proposed_by: actor.name,
        proposed_at: clock.now(),
      })
      const action = `${module}.propose_terms`
      const subject = subjectOf({ kind, name })
      await audit(tx, hospitalId, actor, { action, subject, detail: { id } })
      return id
    })

  /** Errors: terms_not_found, terms_decided, decided_by_same_person. */
  const decide = (
    { db, clock, audit }: TermsDependencies,
    key: TermsKey<IdName>,
    { agrees, reason, actor, onAgreed }: TermsDecision<IdName, Kind>,
  ) =>
    inHospital(db, key.hospitalId, async (tx) => {
      const { hospitalId, id } = key
      const row = await store.lock(tx, key)
      if (!row) throw errors.terms_not_found({ id })
      if (row.status !== 'proposed') throw errors.terms_decided({ id })
      if (row.proposed_by === actor.name) throw errors.decided_by_same_person()
      const status = agrees ? ('agreed' as const) : ('refused' as const)
      const decided_at = clock.now()
      await store.decide(tx, key, { status, decided_by: actor.name, decided_at, reason })
      await audit(tx, hospitalId, actor, {
        action: agrees ? `${module}.agree_terms` : `${module}.refuse_terms`,
        subject: subjectOf(row),
        detail: { id, reason },
      })
      if (agrees) await onAgreed?.(tx, row)
    })

  const list = ({ db }: TermsDependencies, hospitalId: HospitalId, kind: Kind) =>
    inHospital(db, hospitalId, (tx) => store.list(tx, hospitalId, kind))

  return { propose, decide, list, byId: store.byId, inForce: store.inForce }
}

export type NewTerms<Kind extends string> = {
  kind: Kind
  name: string
  validFrom: BusinessDate
  content: unknown
}

/** `onAgreed` does what follows from it, in the transaction that agrees. */
type TermsDecision<IdName extends string, Kind extends string> = {
  agrees: boolean
  reason: string
  actor: Actor
  onAgreed?: (tx: Tx, row: TermsRow<IdName, Kind>) => Promise<void>
}

type TermsDependencies = { db: Db; clock: Clock; newId: NewId; audit: Audit }

/** A module's own, by its defineErrors. */
type TermsErrors = Record<
  'terms_not_found' | 'terms_decided' | 'decided_by_same_person',
  (params?: ErrorParams) => AppError
>
