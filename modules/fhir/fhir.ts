import { OPERATIONS, type TypeName, type Viewer } from './access.ts'
import type { FhirDependencies } from './dependencies.ts'
import type { Resource } from './elements.ts'
import { fhirErrors } from './errors.ts'
import { isFhirId } from './ids.ts'
import { FIND_PARAMETERS, findAppointments } from './operations/find.ts'
import { matchPatients } from './operations/match.ts'
import { type Given } from './operations/parameters.ts'
import { crossReference } from './operations/pix.ts'
import { bookAppointment, holdAppointment } from './operations/scheduling.ts'
import { searchBundle } from './search/bundle.ts'
import { collect } from './search/collect.ts'
import { type AskedBy, readQuery, type SearchQuery } from './search/query.ts'
import { FHIR_TYPES, readersOf } from './types.ts'

export type Fhir = ReturnType<typeof createFhir>

export type Pairs = readonly (readonly [string, string])[]

/** `base` is the façade's address at the hospital, as links have it. */
type Asked = AskedBy & { base: string }

/** What the hub has, as FHIR R4 has it: nothing is kept here, and nobody sees more than by the hub's own routes. */
export function createFhir(deps: FhirDependencies) {
  const readers = readersOf(deps)
  const { mustExist } = deps.hospitals
  return { read, search, ...createOperations(deps), mustExist }

  /** Errors: throws fhir.resource_not_found, also for one that the viewer may not see. */
  async function read(viewer: Viewer, type: TypeName, id: string): Promise<Resource> {
    const found = isFhirId(id) ? await readers[type].read(viewer, id) : null
    if (!found) throw fhirErrors.resource_not_found({ type })
    return found
  }

  /** A searchset. Errors: throws those of readQuery, and fhir.range_too_long. */
  async function search(viewer: Viewer, type: TypeName, pairs: Pairs, asked: Asked) {
    const { parameters } = FHIR_TYPES[type]
    const query = readQuery(parameters, pairs, asked)
    const { ids } = query
    const { found, next } =
      ids === null
        ? await collect(parameters, query, (after, limit) =>
            readers[type].page(viewer, query, after, limit),
          )
        : await collect(parameters, query, (after) => byIds(viewer, type, ids, after))
    const isWhole = next === null && query.cursor === null
    return searchBundle(asked.base, type, query, {
      found: found.map((resource) => ({ resource })),
      next,
      total: isWhole ? found.length : null,
    })
  }

  /** Asked for by their ids: those that are there for the viewer, each at its place among them. */
  async function byIds(
    viewer: Viewer,
    type: TypeName,
    ids: readonly string[],
    after: string | null,
  ) {
    const left = after === null ? ids : ids.slice(ids.indexOf(after) + 1)
    const read = await Promise.all(
      left.map(async (id) => ({ id, resource: await readers[type].read(viewer, id) })),
    )
    return read.flatMap(({ id, resource }) => (resource ? [{ resource, cursor: id }] : []))
  }
}

/** What is more than to read and to search. */
function createOperations(deps: FhirDependencies) {
  return { match, pix, find, hold, book }

  async function match(viewer: Viewer, given: Given, asked: Asked) {
    const found = await matchPatients(deps, viewer, given)
    return searchBundle(asked.base, 'Patient/$match', NOTHING_USED, {
      found,
      next: null,
      total: found.length,
    })
  }

  function pix(viewer: Viewer, given: Given) {
    return crossReference(deps, viewer, given)
  }

  async function find(viewer: Viewer, pairs: Pairs, asked: Asked) {
    const query = readQuery(FIND_PARAMETERS, pairs, asked)
    const { booking, clock, audit, db } = deps
    const page = await findAppointments({ booking, clock, audit, db }, viewer, query)
    return searchBundle(asked.base, `${OPERATIONS.$find.type}/$find`, query, page)
  }

  async function hold(viewer: Viewer, given: Given, asked: Asked) {
    return oneOf(asked, '$hold', await holdAppointment(deps, viewer, given))
  }

  async function book(viewer: Viewer, given: Given, asked: Asked) {
    return oneOf(asked, '$book', await bookAppointment(deps, viewer, given))
  }
}

const NOTHING_USED: Pick<SearchQuery, 'used' | 'ignored'> = { used: [], ignored: [] }

/** IHE wants the one appointment in a bundle. */
const oneOf = ({ base }: Asked, operation: string, resource: Resource) =>
  searchBundle(base, `Appointment/${operation}`, NOTHING_USED, {
    found: [{ resource }],
    next: null,
    total: 1,
  })
