import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { problems } from '../../platform/http/problem.ts'
import { Instant } from '../../platform/http/schemas.ts'
import type { Hospital } from './hospital.ts'
import type { Hospitals } from './hospitals.ts'

const HospitalView = Type.Object(
  {
    id: Type.Integer(),
    name: Type.String(),
    shortName: Type.String(),
    level: Type.String({ examples: ['三级甲等'] }),
    insuranceCode: Type.String({ description: 'Its number with the medical insurance' }),
  },
  { $id: 'Hospital' },
)

const DepartmentView = Type.Object(
  {
    code: Type.String(),
    name: Type.String(),
    subjectCode: Type.String({ description: '诊疗科目代码' }),
    location: Type.String(),
    doctors: Type.Array(
      Type.Object({
        code: Type.String(),
        name: Type.String(),
        title: Type.String(),
        registrationFeeFen: Type.Integer({ minimum: 0, description: 'Fen, 1/100 yuan' }),
      }),
    ),
  },
  { $id: 'Department' },
)

export const hospitalRoutes =
  (hospitals: Hospitals): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(HospitalView)
    app.addSchema(DepartmentView)

    app.get(
      '/hospitals',
      {
        config: { access: ['public'] },
        schema: {
          operationId: 'listHospitals',
          summary: 'Hospitals open to patients',
          tags: ['hospitals'],
          response: {
            200: Type.Object({
              items: Type.Array(Type.Unsafe<HospitalView>(Type.Ref('Hospital'))),
            }),
            ...problems,
          },
        },
      },
      async () => {
        const all = await hospitals.list()
        return { items: all.filter(({ status }) => status === 'active').map(viewOf) }
      },
    )

    app.get(
      '/hospitals/:hospitalId/departments',
      {
        config: { access: ['public'] },
        schema: {
          operationId: 'listDepartments',
          summary: 'Departments of a hospital, with their doctors',
          tags: ['hospitals'],
          params: Type.Object({ hospitalId: Type.Integer({ minimum: 1, maximum: 1_679_615 }) }),
          response: {
            200: Type.Object({
              items: Type.Array(Type.Unsafe<DepartmentView>(Type.Ref('Department'))),
              readAt: Type.Union([Instant, Type.Null()], {
                description: "When the hospital's system listed them; null when it never did",
              }),
              stale: Type.Boolean({
                description:
                  'They are old, and the hospital did not answer when it was asked again',
              }),
            }),
            ...problems,
          },
        },
      },
      async ({ params }) => {
        const { departments, readAt, stale } = await hospitals.directory(
          params.hospitalId as HospitalId,
        )
        return { items: departments, readAt: readAt?.toISOString() ?? null, stale }
      },
    )
  }

type HospitalView = Type.Static<typeof HospitalView>
type DepartmentView = Type.Static<typeof DepartmentView>

const viewOf = ({ id, name, shortName, level, insuranceCode }: Hospital): HospitalView => ({
  id,
  name,
  shortName,
  level,
  insuranceCode,
})
