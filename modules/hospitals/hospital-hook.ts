import type { FastifyInstance } from 'fastify'

import type { HospitalId } from '../../kernel/id.ts'
import type { Hospitals } from './hospitals.ts'

/**
 * Every route of a hospital answers 404 hospitals.hospital_not_found where there is none of that number, to whoever may
 * ask at all. To be called on the server itself, before any route is registered.
 */
export function addHospitalHook(app: FastifyInstance, hospitals: Pick<Hospitals, 'mustExist'>) {
  // After validation, so that what is no number at all is told as such.
  app.addHook('preHandler', async ({ params }) => {
    const { hospitalId } = (params ?? {}) as { hospitalId?: unknown }
    if (typeof hospitalId === 'number') await hospitals.mustExist(hospitalId as HospitalId)
  })
}
