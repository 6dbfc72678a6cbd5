import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { AppError } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { createAudit } from '../../platform/audit.ts'
import { inHospital } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { strict, Uuid } from '../../platform/http/schemas.ts'
import { benefitErrors } from './errors.ts'
import type { PersonId } from './programme.ts'
import type { BenefitRouteContext, PeopleDirectory } from './route-parts.ts'
import { OfHospital } from './schemas.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const MOST_NAMES = 200

const PatientView = Type.Object(
  {
    personId: Uuid,
    name: Type.String({ description: 'Masked' }),
    idCardNo: Type.String({ description: 'Masked' }),
  },
  { $id: 'StaffPatient' },
)
const Patient = Type.Unsafe<Type.Static<typeof PatientView>>(Type.Ref('StaffPatient'))

const Lookup = Type.Object(
  {
    kind: Type.Enum(['id_card', 'hospital_card']),
    number: Type.String({ minLength: 1, maxLength: 60, description: 'In full' }),
  },
  strict,
)

/** Whom the staff grants something: found by a whole number they were shown, and named in lists by what is left of a name. */
export function patientRoutes(app: App, context: BenefitRouteContext): void {
  app.addSchema(PatientView)
  lookupRoute(app, context)
  namesRoute(app, context)
}

function lookupRoute(app: App, { people, platform }: BenefitRouteContext): void {
  const audit = createAudit(platform)
  app.post(
    '/hospitals/:hospitalId/patient-lookups',
    {
      config: { access: ['staff:finance', 'staff:cashier', 'staff:auditor'] },
      schema: {
        operationId: 'lookUpPatient',
        summary: 'Whose identity number or hospital card it is; each look-up is written down',
        tags: ['benefits'],
        params: OfHospital,
        body: Lookup,
        response: {
          200: Type.Object({ patient: Type.Union([Patient, Type.Null()]) }),
          ...problems,
        },
      },
    },
    async (request) => {
      if (!people) throw benefitErrors.patients_unavailable()
      const hospitalId = request.params.hospitalId as HospitalId
      const { kind, number } = request.body
      const at = kind === 'hospital_card' ? hospitalId : null
      const personId = await people.findPersonByMedium(kind, number, at)
      const actor = requestActor(request)
      await inHospital(platform.db, hospitalId, (tx) =>
        audit(tx, hospitalId, actor, {
          action: 'benefits.look_up_patient',
          subject: personId === null ? 'person:none' : `person:${personId}`,
          detail: { kind },
        }),
      )
      return { patient: personId && (await viewOf(people, personId)) }
    },
  )
}

function namesRoute(app: App, { people }: BenefitRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/patient-names',
    {
      config: { access: ['staff:finance', 'staff:cashier', 'staff:auditor'] },
      schema: {
        operationId: 'namePatients',
        summary: 'What people of a list are called, masked; who is not known is left out',
        tags: ['benefits'],
        params: OfHospital,
        body: Type.Object({ personIds: Type.Array(Uuid, { maxItems: MOST_NAMES }) }, strict),
        response: { 200: Type.Object({ items: Type.Array(Patient) }), ...problems },
      },
    },
    async ({ body: { personIds } }) => {
      if (!people) return { items: [] }
      const ids = [...new Set(personIds)] as PersonId[]
      const found = await Promise.all(ids.map((id) => viewOf(people, id).catch(nullIfUnknown)))
      return { items: found.filter((one) => one !== null) }
    },
  )
}

async function viewOf(people: PeopleDirectory, personId: PersonId) {
  const { name, idCardNo } = await people.personView(personId, 'others')
  return { personId, name, idCardNo }
}

function nullIfUnknown(error: unknown): null {
  if (error instanceof AppError && error.code === 'identity.person_not_found') return null
  throw error
}
