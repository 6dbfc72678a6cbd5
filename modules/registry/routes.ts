import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { problems } from '../../platform/http/problem.ts'
import { registryErrors } from './errors.ts'
import { INSTITUTION_KINDS, SETTLED } from './institution.ts'
import { type FoundNear, type LookUp, MOST_NEAREST, type Registry } from './registry.ts'

const NO_NUL = '^[^\\u0000]*$'
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const InstitutionView = Type.Object(
  {
    region: Type.String({ description: 'Whose insurance designated it: GB/T 2260, six digits' }),
    kind: Type.Enum([...INSTITUTION_KINDS]),
    code: Type.String({ description: 'National code of the institution' }),
    name: Type.String(),
    area: Type.String({ description: 'Where it stands: GB/T 2260, six digits' }),
    level: Nullable(Type.String({ description: 'As the insurance centre writes it (hosp_lv)' })),
    address: Nullable(Type.String()),
    phone: Nullable(Type.String()),
    place: Nullable(
      Type.Object(
        { latitude: Type.Number(), longitude: Type.Number() },
        { description: 'Degrees of WGS 84' },
      ),
    ),
    settles: Type.Array(Type.Enum([...SETTLED]), {
      description:
        'What it settles directly for people insured elsewhere; empty where nobody has said',
    }),
    validFrom: Nullable(Type.String()),
    validTo: Nullable(Type.String({ description: 'The last day' })),
    isEnded: Type.Boolean({ description: 'The latest list of its region names it no more' }),
    asOf: Type.String({ format: 'date-time', description: 'Of which moment its list speaks' }),
    distanceM: Nullable(Type.Integer({ description: 'Metres along the great circle' })),
  },
  { $id: 'Institution' },
)
const InstitutionRef = Type.Unsafe<Type.Static<typeof InstitutionView>>(Type.Ref('Institution'))

const InstitutionsOut = Type.Object({
  items: Type.Array(InstitutionRef),
  next: Nullable(Type.String()),
  asOf: Nullable(
    Type.String({
      format: 'date-time',
      description:
        'Of which moment the oldest list speaks that was asked; null where there is none',
    }),
  ),
})

const LookUpQuery = Type.Object(
  {
    kind: Type.Optional(Type.Enum([...INSTITUTION_KINDS])),
    region: Type.Optional(
      Type.String({
        maxLength: 6,
        pattern: NO_NUL,
        description: 'Where it stands: two, four or six digits of GB/T 2260',
      }),
    ),
    text: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 50,
        pattern: NO_NUL,
        description: 'A piece of the name, or of the initials of its pinyin',
      }),
    ),
    settles: Type.Optional(Type.Enum([...SETTLED])),
    latitude: Type.Optional(Type.Number({ description: 'With a longitude: the nearest first' })),
    longitude: Type.Optional(Type.Number()),
    withinM: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100_000, description: '50,000 metres if left out' }),
    ),
    after: Type.Optional(Type.String({ maxLength: 64, description: '`next` of the page before' })),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
)

const OfCode = Type.Object({ code: Type.String({ pattern: '^[A-Za-z0-9]{1,30}$' }) })

/** Whoever has signed in, and applications: nothing of it is anybody's secret. */
const config = { access: ['person', 'staff', 'application'], scope: 'schedules:read' } as const

/** Designated institutions, to patients, staff and applications. */
export const registryRoutes =
  (registry: Registry): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(InstitutionView)
    app.get(
      '/institutions',
      {
        config,
        schema: {
          operationId: 'lookUpInstitutions',
          summary: `Designated hospitals, pharmacies and agencies, by area and code; near a place the nearest ${MOST_NEAREST}`,
          tags: ['registry'],
          querystring: LookUpQuery,
          response: { 200: InstitutionsOut, ...problems },
        },
      },
      async ({ query }) => {
        const { items, next, asOf } = await registry.lookUp(lookUpOf(query))
        return { items: items.map(viewOf), next, asOf: asOf?.toISOString() ?? null }
      },
    )

    app.get(
      '/institutions/:code',
      {
        config,
        schema: {
          operationId: 'getInstitution',
          summary: 'A designated institution by its national code, also one that has ended',
          tags: ['registry'],
          params: OfCode,
          response: { 200: InstitutionRef, ...problems },
        },
      },
      async ({ params }) => viewOf({ ...(await registry.byCode(params.code)), distanceM: null }),
    )
  }

const USUAL_REACH_M = 50_000

function lookUpOf(query: Type.Static<typeof LookUpQuery>): LookUp {
  const { latitude, longitude, withinM, ...rest } = query
  if (latitude === undefined && longitude === undefined && withinM === undefined) return rest
  if (latitude === undefined || longitude === undefined) throw registryErrors.place_incomplete()
  return { ...rest, near: { latitude, longitude, withinM: withinM ?? USUAL_REACH_M } }
}

function viewOf(found: FoundNear): Type.Static<typeof InstitutionView> {
  const { institution, region, kind, asOf, isEnded, distanceM } = found
  return {
    ...institution,
    settles: [...institution.settles],
    region,
    kind,
    isEnded,
    asOf: asOf.toISOString(),
    distanceM,
  }
}
