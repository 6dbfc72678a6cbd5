import {
  describedAsk,
  mustReadProduct,
  readStoredHospital,
  shippedProduct,
  shippedProducts,
} from '../../adapters/hospitals/declarative/index.ts'
import {
  createOnboarding,
  createOwnMemory,
  type Hospitals,
  OPERATION_NAMES,
  type Rollouts,
} from '../../modules/hospitals/index.ts'
import type { ConnectionOptions } from './connections.ts'
import { openHttpHands } from './http-hands.ts'

/** Hospitals in preparation, tried with the adapter that will serve them. */
export const onboardingOf = (
  options: ConnectionOptions,
  { hospitals, rollouts }: { hospitals: Hospitals; rollouts: Rollouts },
) =>
  createOnboarding({
    ...options,
    hospitals,
    rollouts,
    products: {
      shipped: shippedProducts,
      text: shippedProduct,
      read(text) {
        const { titles, parameters, operations } = mustReadProduct(text)
        const offered = OPERATION_NAMES.filter((name) => operations[name] !== undefined)
        return { titles, parameters, operations: offered }
      },
      ask(stored, clock) {
        const { product, words } = readStoredHospital(stored)
        const { random, providerTimeoutMs: timeoutMs } = options
        return describedAsk(product, words, { clock, random, timeoutMs, memory: createOwnMemory() })
      },
      openHands: openHttpHands,
    },
  })
