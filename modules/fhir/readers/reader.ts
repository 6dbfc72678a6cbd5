import { AppError } from '../../../kernel/error.ts'
import { isId } from '../../../kernel/id.ts'
import type { PersonId } from '../../identity/index.ts'
import type { Viewer } from '../access.ts'
import type { FhirDependencies } from '../dependencies.ts'
import type { Resource } from '../elements.ts'
import { fhirErrors } from '../errors.ts'
import type { Placed } from '../search/collect.ts'
import { referredId, type SearchQuery } from '../search/query.ts'

/** Where the resources of a type come from. What a viewer may not see is not there. */
export type Reader = {
  /** Null for one that is not there for this viewer. */
  read: (viewer: Viewer, id: string) => Promise<Resource | null>
  /** In one order, after a place; fewer than asked for only at the end. What it returns may fit no wish: all are tried. */
  page: (
    viewer: Viewer,
    query: SearchQuery,
    after: string | null,
    limit: number,
  ) => Promise<readonly Placed[]>
}

/**
 * Whose resources a search is for: a person's own; for staff whoever is asked about, or all (null); for an application
 * whoever is asked about and allowed it. 'nobody' fits nothing. Errors: throws fhir.parameter_missing, and those of
 * naming a patient.
 */
export async function personIn(
  deps: Pick<FhirDependencies, 'acting'>,
  viewer: Viewer,
  query: SearchQuery,
  {
    names = ['patient', 'subject', 'beneficiary'],
    nameFor = namePatient,
  }: { names?: readonly string[]; nameFor?: Naming } = {},
): Promise<PersonId | null | 'nobody'> {
  const ids = names.flatMap((name) =>
    query.wishes.has(name) ? [referredId(query, name, 'Patient')] : [],
  )
  const [asked] = ids
  if (ids.some((id) => id === null || id !== asked || !isId(id))) return 'nobody'
  switch (viewer.kind) {
    case 'person':
      return asked === undefined || asked === viewer.personId ? viewer.personId : 'nobody'
    case 'staff':
      return (asked as PersonId | undefined) ?? null
    case 'application':
      if (!asked) throw fhirErrors.parameter_missing({ parameter: 'patient' })
      return nameFor(deps, viewer, asked as PersonId)
  }
}

/** Whether what is of this person is there for the viewer. An application that may not name them is told of nothing. */
export async function maySee(
  deps: Pick<FhirDependencies, 'acting'>,
  viewer: Viewer,
  personId: PersonId,
  nameFor: Naming = namePatient,
): Promise<boolean> {
  switch (viewer.kind) {
    case 'person':
      return viewer.personId === personId
    case 'staff':
      return true
    case 'application':
      return (await orNull(nameFor(deps, viewer, personId), HIDDEN)) !== null
  }
}

/** By what an application may name a person. Errors: throws for one it may not. */
type Naming = (
  deps: Pick<FhirDependencies, 'acting'>,
  viewer: Extract<Viewer, { kind: 'application' }>,
  patientId: PersonId,
) => Promise<PersonId>

const namePatient: Naming = ({ acting }, { hospitalId, applicationId, actor }, patientId) =>
  acting.namePatient({ hospitalId, applicationId, patientId }, actor)

export const bookFor: Naming = ({ acting }, { hospitalId, applicationId, actor }, patientId) =>
  acting.bookFor({ hospitalId, applicationId, patientId }, actor)

const HIDDEN = ['forbidden', 'not_found'] as const

/** Null in place of a refusal of these kinds. */
export async function orNull<T>(
  work: Promise<T>,
  kinds: readonly AppError['kind'][] = ['not_found'],
): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (error instanceof AppError && kinds.includes(error.kind)) return null
    throw error
  }
}

/** A page out of a short list that was read whole: the place of each is its id. */
export function pageIn(
  resources: readonly Resource[],
  after: string | null,
  limit: number,
): Placed[] {
  const start = after === null ? 0 : resources.findIndex(({ id }) => id === after) + 1
  // A place that is not there any more: what it stood before cannot be told.
  if (after !== null && start === 0) return []
  return resources.slice(start, start + limit).map((resource) => ({
    resource,
    cursor: resource.id ?? '',
  }))
}

/** An id of version 7 as a place in a list; anything else is no place of it. Errors: throws fhir.parameter_wrong. */
export function placeOf<T extends string>(after: string | null): T | undefined {
  if (after === null) return undefined
  if (!isId(after)) throw fhirErrors.parameter_wrong({ parameter: '_cursor', rule: 'cursor' })
  return after as T
}
