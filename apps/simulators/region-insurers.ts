import { join } from 'node:path'

import { businessDateOf } from '../../kernel/time.ts'
import {
  DIRECT_PRODUCTS,
  FHIR_PRODUCTS,
  grantPolicies,
  startDirectInsurer,
  startFhirInsurer,
} from './commercial/index.ts'
import { hospitalOf, type OutsideParts } from './region-channels.ts'

// The commercial insurers of a region. Each has sold policies to a part of its people; some have one of both.

const USUAL_PPM = 300_000

type Sold = OutsideParts & {
  /** How many of the people have a policy of each, in parts per million. */
  policiesPpm?: number
}

export function startDirectCover({
  world,
  secrets,
  folder,
  policiesPpm = USUAL_PPM,
  ...rest
}: Sold) {
  return startDirectInsurer({
    ...rest,
    databaseFile: join(folder, 'commercial-direct.sqlite'),
    clients: secrets.commercial.direct.map(({ hospitalId, ...client }) => ({
      ...client,
      hospitalCode: hospitalOf(world, hospitalId).insuranceCode,
    })),
    policies: grantPolicies(world.people, {
      seed: 'direct',
      sharePpm: policiesPpm,
      products: DIRECT_PRODUCTS,
      today: businessDateOf(rest.clock.now()),
    }),
  })
}

export function startFhirCover({ world, secrets, folder, policiesPpm = USUAL_PPM, ...rest }: Sold) {
  return startFhirInsurer({
    ...rest,
    databaseFile: join(folder, 'commercial-fhir.sqlite'),
    clients: secrets.commercial.fhir.map(({ hospitalId, ...client }) => ({
      ...client,
      providerCode: hospitalOf(world, hospitalId).insuranceCode,
    })),
    policies: grantPolicies(world.people, {
      seed: 'fhir',
      sharePpm: policiesPpm,
      products: FHIR_PRODUCTS,
      today: businessDateOf(rest.clock.now()),
    }),
  })
}
