import { ACCESS, allScopes, OPERATIONS, TYPES, type TypeName } from './access.ts'
import { OWN } from './elements.ts'
import type { Json } from './json.ts'
import { FHIR_TYPES } from './types.ts'

/** Since when the façade is as it is described: changed with it. */
const PUBLISHED_ON = '2026-11-23'

/** Pure: what the façade at this address can do, made of the tables that do it. */
export const capabilityStatement = (base: string) => ({
  resourceType: 'CapabilityStatement' as const,
  status: 'active',
  date: PUBLISHED_ON,
  kind: 'instance',
  software: { name: 'Yiqiao hub', version: '1' },
  implementation: { description: 'One hospital of a Yiqiao region', url: base },
  fhirVersion: '4.0.1',
  format: ['application/fhir+json', 'json'],
  rest: [
    {
      mode: 'server',
      documentation:
        'Reads, searches and IHE ITI Scheduling. Nothing is created or changed but by $hold and $book.',
      security: {
        cors: false,
        service: [
          {
            coding: [
              {
                system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
                code: 'SMART-on-FHIR',
              },
            ],
          },
        ],
        description: `Scopes: ${allScopes().join(' ')}`,
      },
      resource: TYPES.map(resourceOf),
    },
  ],
})

function resourceOf(name: TypeName) {
  const { documentation, parameters } = FHIR_TYPES[name]
  const operations = Object.entries(OPERATIONS).filter(([, { type }]) => type === name)
  const searchParam: Json[] = [
    { name: '_id', type: 'token', documentation: 'By id; several with commas' },
    ...parameters.map(({ name: parameter, type, documentation: words, isSecret, isNeeded }) => ({
      name: parameter,
      type,
      documentation: [
        words,
        ...(isNeeded ? ['Needed unless _id is given'] : []),
        ...(isSecret ? ['By POST alone'] : []),
      ].join('. '),
    })),
  ]
  return {
    type: name,
    documentation,
    interaction: [{ code: 'read' }, { code: 'search-type' }],
    versioning: 'no-version',
    searchParam,
    ...(operations.length === 0
      ? {}
      : {
          operation: operations.map(([code, { definition }]) => ({
            name: code.slice(1),
            definition,
          })),
        }),
  }
}

/** Pure: where SMART clients learn how to get a token, and which scopes there are. Source: SMART App Launch 2, §3. */
export const smartConfiguration = (publicUrl: string) => ({
  issuer: publicUrl,
  token_endpoint: `${publicUrl}/v1/oauth/token`,
  introspection_endpoint: `${publicUrl}/v1/oauth/introspect`,
  revocation_endpoint: `${publicUrl}/v1/oauth/revoke`,
  grant_types_supported: ['client_credentials'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  scopes_supported: allScopes(),
  // A system scope is asked for by the hub's own name of it: this one has that.
  [`${OWN}:scopes`]: Object.fromEntries(
    TYPES.flatMap((type) => {
      const { application } = ACCESS[type]
      return application ? [[`system/${type}.${application.may}`, application.scope]] : []
    }),
  ),
  capabilities: ['permission-v2', 'permission-patient', 'permission-user'],
})
