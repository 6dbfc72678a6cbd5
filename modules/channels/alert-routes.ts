import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { findAlert, listAlerts } from './alert-store.ts'
import type { AlertId } from './alert.ts'
import { channelErrors } from './errors.ts'
import { CHANNELS, EDITORS, READERS, type RouteContext } from './route-parts.ts'
import { AlertsQuery, AlertView, NewAcknowledgement, OfAlert, OfHospital } from './schemas.ts'
import { viewOfAlert } from './view.ts'

const Alert = Type.Unsafe<Type.Static<typeof AlertView>>(Type.Ref('ChannelAlert'))

/** What is wrong with a channel, and who takes care of it. */
export const alertRoutes =
  ({ db, clock, channels }: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(AlertView)

    app.get(
      `${CHANNELS}/alerts`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listChannelAlerts',
          summary: 'Alerts, newest first, each with whether somebody answered in time',
          tags: ['channels'],
          params: OfHospital,
          querystring: AlertsQuery,
          response: { 200: Type.Object({ items: Type.Array(Alert) }), ...problems },
        },
      },
      async ({ params, query: { before, ...query } }) => {
        const hospitalId = params.hospitalId as HospitalId
        const filter = { ...query, before: before as AlertId | undefined }
        const alerts = await inHospital(db, hospitalId, (tx) => listAlerts(tx, hospitalId, filter))
        return { items: alerts.map((alert) => viewOfAlert(alert, clock.now())) }
      },
    )

    app.post(
      `${CHANNELS}/alerts/:id/acknowledgement`,
      {
        config: { access: EDITORS },
        schema: {
          operationId: 'acknowledgeChannelAlert',
          summary: 'Say that one takes care of an alert',
          tags: ['channels'],
          params: OfAlert,
          body: NewAcknowledgement,
          response: { 200: Alert, ...problems },
        },
      },
      async (request) => {
        const hospitalId = request.params.hospitalId as HospitalId
        const id = request.params.id as AlertId
        await channels.acknowledge(hospitalId, id, request.body.note, requestActor(request))
        const alert = await inHospital(db, hospitalId, (tx) => findAlert(tx, hospitalId, id))
        if (!alert) throw channelErrors.alert_not_found({ id })
        return viewOfAlert(alert, clock.now())
      },
    )
  }
