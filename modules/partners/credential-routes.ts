import Type from 'typebox'

import { HOUR_MS } from '../../kernel/time.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { APPLICATIONS, idsOf, IT } from './application-routes.ts'
import type { KeyId, SecretId } from './application.ts'
import { type App, Key, type RouteContext, Secret } from './route-parts.ts'
import { NewKeyBody, OfHospitalAndId, OfKey, OfSecret, RotationBody } from './schemas.ts'
import { viewOfKey } from './view.ts'

/** An application's secrets and public keys, for the IT of its home. */
export function credentialRoutes(app: App, context: RouteContext): void {
  secretRoutes(app, context)
  keyRoutes(app, context)
}

function secretRoutes(app: App, { partners }: RouteContext): void {
  app.post(
    `${APPLICATIONS}/:id/secrets`,
    {
      config: { access: IT },
      schema: {
        operationId: 'rotatePartnerSecret',
        summary: 'A new secret, shown this once; those there are end after the overlap',
        tags: ['partners'],
        params: OfHospitalAndId,
        body: RotationBody,
        response: { 201: Secret, ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id } = idsOf(request.params)
      const overlapMs = request.body.overlapHours * HOUR_MS
      const actor = requestActor(request)
      const secret = await partners.rotateSecret(hospitalId, id, overlapMs, actor)
      void reply.header('cache-control', 'no-store').code(201)
      return { ...secret, expiresAt: secret.expiresAt.toISOString() }
    },
  )

  app.delete(
    `${APPLICATIONS}/:id/secrets/:secretId`,
    {
      config: { access: IT },
      schema: {
        operationId: 'revokePartnerSecret',
        summary: 'End a secret at once, and every token it was given',
        tags: ['partners'],
        params: OfSecret,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id } = idsOf(request.params)
      const secretId = request.params.secretId as SecretId
      await partners.revokeSecret(hospitalId, id, secretId, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

function keyRoutes(app: App, { partners }: RouteContext): void {
  app.post(
    `${APPLICATIONS}/:id/keys`,
    {
      config: { access: IT },
      schema: {
        operationId: 'addPartnerKey',
        summary: 'Add a public key for signed requests: RSA of 2048 bits or more, or SM2',
        tags: ['partners'],
        params: OfHospitalAndId,
        body: NewKeyBody,
        response: { 201: Key, ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id } = idsOf(request.params)
      const { algorithm, publicKey, validFrom, validUntil } = request.body
      const wish = {
        algorithm,
        publicKey,
        validUntil: new Date(validUntil),
        validFrom: validFrom === undefined ? null : new Date(validFrom),
      }
      const key = await partners.addKey(hospitalId, id, wish, requestActor(request))
      return reply.code(201).send(viewOfKey(key))
    },
  )

  app.delete(
    `${APPLICATIONS}/:id/keys/:keyId`,
    {
      config: { access: IT },
      schema: {
        operationId: 'revokePartnerKey',
        summary: 'End a public key at once',
        tags: ['partners'],
        params: OfKey,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id } = idsOf(request.params)
      const keyId = request.params.keyId as KeyId
      await partners.endKey(hospitalId, id, keyId, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}
