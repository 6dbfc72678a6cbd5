import type { His } from '../../../context.ts'
import { type Face, type FaceRequest, reply, type Reply } from '../../../http.ts'
import { sweep } from '../../../sweep.ts'
import { dayBookTypes } from './day-book.ts'
import { directoryTypes } from './directory.ts'
import { FhirProblem, Query } from './query.ts'
import { recordTypes } from './records.ts'
import type { ResourceType } from './resource-type.ts'
import { type Resource, writeJson } from './resource.ts'

const TYPES: Record<string, ResourceType> = { ...directoryTypes, ...recordTypes, ...dayBookTypes }
const BASE = '/fhir'
const JSON_TYPE = 'application/fhir+json; charset=utf-8'

/** The reading side: FHIR R4 as JSON, GET only. */
export const fhirFace = (his: His): Face => ({
  owns: (path) => path === BASE || path.startsWith(`${BASE}/`) || path.startsWith(`${BASE}?`),
  answer(request) {
    try {
      his.store.transaction(() => sweep(his))
      return answered(200, answer(his, request))
    } catch (error) {
      if (!(error instanceof FhirProblem)) throw error
      return answered(error.status, outcome(error))
    }
  },
})

const answered = (status: number, body: object): Reply =>
  reply({ status, type: JSON_TYPE, body: writeJson(body) })

const outcome = ({ code, message }: FhirProblem) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, diagnostics: message }],
})

function answer(his: His, { method, path, headers }: FaceRequest): object {
  if (method !== 'GET') throw new FhirProblem(405, 'not-supported', 'this server is for reading')
  const url = new URL(path, `http://${headers.host ?? 'his'}`)
  const [name = '', id, ...more] = url.pathname.slice(BASE.length + 1).split('/')
  if (name === 'metadata' && id === undefined) return capabilities(his)
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined
  if (!type || more.length > 0) throw new FhirProblem(404, 'not-supported', 'no such resource type')
  if (id !== undefined) return read(his, { name, type, id })
  return search(his, { name, type, url })
}

function read(his: His, { name, type, id }: { name: string; type: ResourceType; id: string }) {
  const found = type.read
    ? type.read(his, id)
    : type.all(his, new Query(new URLSearchParams(), {})).find((each) => each.id === id)
  if (!found) throw new FhirProblem(404, 'not-found', `no ${name} has this id`)
  return found
}

function search(his: His, { name, type, url }: { name: string; type: ResourceType; url: URL }) {
  const query = new Query(url.searchParams, type.params)
  const include = query.text('_include')
  if (include !== null && include !== type.include) {
    throw new FhirProblem(400, 'invalid', `_include is ${type.include ?? 'not known here'}`)
  }
  const found = searched(his, type, query)
  const page = found.slice(query.offset, query.offset + query.count)
  const included = include === null ? [] : page.flatMap((each) => type.included?.(his, each) ?? [])
  const address = (at: number) => `${url.origin}${BASE}/${name}?${query.at(at)}`
  const next = query.offset + query.count
  const isMore = query.count > 0 && next < found.length
  const entry = (resource: Resource, mode: 'match' | 'include') => ({
    fullUrl: `${url.origin}${BASE}/${resource.resourceType}/${resource.id}`,
    resource,
    search: { mode },
  })
  const entries = [
    ...page.map((each) => entry(each, 'match')),
    ...included.map((each) => entry(each, 'include')),
  ]
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: found.length,
    link: [
      { relation: 'self', url: address(query.offset) },
      ...(isMore ? [{ relation: 'next', url: address(next) }] : []),
    ],
    ...(entries.length > 0 && { entry: entries }),
  }
}

function searched(his: His, type: ResourceType, query: Query): Resource[] {
  const { oneOf = [], read: readOne } = type
  const id = query.token('_id')
  if (id !== null && readOne) return [readOne(his, id)].filter((each) => each !== null)
  if (oneOf.length > 0 && !oneOf.some((name) => query.has(name))) {
    throw new FhirProblem(400, 'required', `the search needs _id or one of ${oneOf.join(', ')}`)
  }
  return type.all(his, query).filter((each) => id === null || each.id === id)
}

const capabilities = ({ clock, registry }: His) => ({
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: clock.now().toISOString(),
  kind: 'instance',
  software: { name: 'YQHIS', version: '2.5' },
  implementation: { description: registry.hospital.name },
  fhirVersion: '4.0.1',
  format: ['application/fhir+json'],
  rest: [
    {
      mode: 'server',
      resource: Object.entries(TYPES).map(([name, { params, include }]) => ({
        type: name,
        interaction: [{ code: 'read' }, { code: 'search-type' }],
        ...(include !== undefined && { searchInclude: [include] }),
        searchParam: [
          { name: '_id', type: 'token' },
          ...Object.entries(params)
            .filter(([param]) => param !== '_include')
            .map(([param, kind]) => ({ name: param, type: kind })),
        ],
      })),
    },
  ],
})
