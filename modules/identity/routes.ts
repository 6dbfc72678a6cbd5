import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'

import { assert } from '../../kernel/assert.ts'
import { type Clock, SECOND_MS } from '../../kernel/time.ts'
import { principalOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { COOKIE_OF_APP, sessionOf } from './authenticate.ts'
import { identityErrors } from './errors.ts'
import type { Identity } from './identity.ts'
import { MEDIUM_KINDS } from './person.ts'
import type { App } from './tables.ts'

const AppName = Type.Enum(['patient', 'console'])

const LoginRequest = Type.Object(
  {
    app: AppName,
    login: Type.String({ minLength: 1, maxLength: 100 }),
    password: Type.String({ minLength: 1, maxLength: 128 }),
  },
  { additionalProperties: false },
)

const ProofRequest = Type.Object(
  { password: Type.String({ minLength: 1, maxLength: 128 }) },
  { additionalProperties: false },
)

const PersonMe = Type.Object(
  {
    kind: Type.Literal('person'),
    personId: Type.String({ format: 'uuid' }),
    name: Type.String({ description: 'In full: it is their own' }),
    idCardNo: Type.String({ description: 'Masked' }),
    phone: Type.Union([Type.String({ description: 'Masked' }), Type.Null()]),
    gender: Type.Enum(['male', 'female', 'unknown']),
    birthDate: Type.Union([Type.String({ format: 'date' }), Type.Null()]),
    hospitals: Type.Array(
      Type.Object({
        hospitalId: Type.Integer(),
        patientNo: Type.String(),
        cardNo: Type.String({ description: 'Masked' }),
      }),
    ),
    media: Type.Array(
      Type.Object({
        id: Type.String({ format: 'uuid' }),
        kind: Type.Enum([...MEDIUM_KINDS]),
        masked: Type.String(),
        hospitalId: Type.Union([Type.Integer(), Type.Null()]),
        status: Type.Enum(['active', 'ended', 'lost', 'replaced']),
      }),
    ),
  },
  { $id: 'PersonMe' },
)

const StaffMe = Type.Object(
  {
    kind: Type.Literal('staff'),
    staffId: Type.String({ format: 'uuid' }),
    name: Type.String(),
    hospitalId: Type.Integer(),
    roles: Type.Array(Type.Enum(['finance', 'cashier', 'it', 'auditor', 'doctor'])),
  },
  { $id: 'StaffMe' },
)

const Persona = Type.Object(
  {
    app: AppName,
    login: Type.String(),
    password: Type.String(),
    label: Type.Object({ zh: Type.String(), en: Type.String() }),
  },
  { $id: 'DemoPersona' },
)

export type IdentityRoutesOptions = {
  clock: Clock
  /** True where the pages come over TLS: a browser then never sends the cookie in the clear. */
  secureCookies: boolean
  /** True for a demo: invented people are listed with their passwords. */
  demo: boolean
}

export const identityRoutes =
  (identity: Identity, options: IdentityRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of [PersonMe, StaffMe, Persona]) app.addSchema(schema)
    await app.register(sessionRoutes(identity, options))
    await app.register(proofRoute(identity, options))
    await app.register(meRoute(identity))
    if (options.demo) await app.register(demoRoute(identity))
  }

const sessionRoutes =
  (identity: Identity, options: IdentityRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/sessions',
      {
        config: { access: ['public'] },
        schema: {
          operationId: 'signIn',
          summary: 'Sign in; the session is a cookie',
          tags: ['identity'],
          body: LoginRequest,
          response: {
            201: Type.Object({ app: AppName, expiresAt: Type.String({ format: 'date-time' }) }),
            ...problems,
          },
        },
      },
      async (request, reply) => {
        const { token, expiresAt } = await identity.login(request.body)
        const earlier = request.cookies[COOKIE_OF_APP[request.body.app]]
        if (earlier !== undefined) await identity.logout(earlier)
        setSessionCookie(reply, request.body.app, token, expiresAt, options)
        return reply.code(201).send({ app: request.body.app, expiresAt: expiresAt.toISOString() })
      },
    )

    app.delete(
      '/sessions/current',
      {
        config: { access: ['person', 'staff'] },
        schema: {
          operationId: 'signOut',
          summary: 'Sign out',
          tags: ['identity'],
          response: { 204: Type.Null(), ...problems },
        },
      },
      async (request, reply) => {
        const session = sessionOf(request)
        assert(session, 'who is signed in has a session')
        await identity.logout(session.token)
        return reply.clearCookie(COOKIE_OF_APP[session.app], { path: '/' }).code(204).send(null)
      },
    )
  }

const proofRoute =
  (identity: Identity, options: IdentityRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/sessions/current/proof',
      {
        config: { access: ['person', 'staff'] },
        schema: {
          operationId: 'proveAgain',
          summary: 'Take the password again; the session goes on under a new cookie',
          tags: ['identity'],
          body: ProofRequest,
          response: {
            201: Type.Object({
              provenUntil: Type.String({
                format: 'date-time',
                description: 'Until then it counts for what asks for it',
              }),
            }),
            ...problems,
          },
        },
      },
      async (request, reply) => {
        const session = sessionOf(request)
        if (!session) throw identityErrors.step_up_required()
        const proof = await identity.stepUp(session, request.body.password)
        setSessionCookie(reply, session.app, proof.token, proof.expiresAt, options)
        return reply.code(201).send({ provenUntil: proof.provenUntil.toISOString() })
      },
    )
  }

function setSessionCookie(
  reply: FastifyReply,
  app: App,
  token: string,
  expiresAt: Date,
  { clock, secureCookies }: IdentityRoutesOptions,
): void {
  void reply.setCookie(COOKIE_OF_APP[app], token, {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure: secureCookies,
    // A duration, as the browser's clock may be another than ours.
    maxAge: Math.floor((expiresAt.getTime() - clock.now().getTime()) / SECOND_MS),
  })
}

const meRoute =
  (identity: Identity): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/me',
      {
        config: { access: ['person', 'staff'] },
        schema: {
          operationId: 'whoAmI',
          summary: 'Who is signed in',
          tags: ['identity'],
          response: {
            200: Type.Unsafe<PersonMe | StaffMe>(
              Type.Union([Type.Ref('PersonMe'), Type.Ref('StaffMe')]),
            ),
            ...problems,
          },
        },
      },
      async (request, reply): Promise<PersonMe | StaffMe> => {
        void reply.header('cache-control', 'no-store')
        const principal = principalOf(request, 'person', 'staff')
        if (principal.kind === 'staff') {
          return { kind: 'staff', ...(await identity.staffView(principal.staffId)) }
        }
        const { personId } = principal
        const person = await identity.personView(personId, 'owner')
        const hospitals = await identity.hospitalsOf(personId)
        return { kind: 'person', ...person, hospitals, media: await identity.mediaOf(personId) }
      },
    )
  }

const demoRoute =
  (identity: Identity): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/demo/personas',
      {
        config: { access: ['public'] },
        schema: {
          operationId: 'listDemoPersonas',
          summary: 'Invented people to sign in as; only in a demo',
          tags: ['identity'],
          response: {
            200: Type.Object({
              items: Type.Array(Type.Unsafe<Persona>(Type.Ref('DemoPersona'))),
            }),
            ...problems,
          },
        },
      },
      async () => ({ items: await identity.demoPersonas() }),
    )
  }

type PersonMe = Type.Static<typeof PersonMe>
type StaffMe = Type.Static<typeof StaffMe>
type Persona = Type.Static<typeof Persona>
