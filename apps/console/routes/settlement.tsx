import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import {
  readNewContractSearch,
  readPayoutsSearch,
  readReceiptsSearch,
} from '../settlement/search.ts'
import { at } from './office.tsx'

const standing = createRoute({
  ...at('/settlement'),
  component: lazyRouteComponent(() => import('../settlement/StandingPage.tsx'), 'StandingPage'),
})

const batches = createRoute({
  ...at('/settlement/batches'),
  validateSearch: readPayoutsSearch,
  component: lazyRouteComponent(() => import('../settlement/PayoutsPage.tsx'), 'PayoutsPage'),
})

const batch = createRoute({
  ...at('/settlement/batches/$provider/$day'),
  component: lazyRouteComponent(() => import('../settlement/BatchPage.tsx'), 'BatchPage'),
})

const receipts = createRoute({
  ...at('/settlement/receipts'),
  validateSearch: readReceiptsSearch,
  component: lazyRouteComponent(() => import('../settlement/ReceiptsPage.tsx'), 'ReceiptsPage'),
})

const receipt = createRoute({
  ...at('/settlement/receipts/$account/$bankRef/$variant'),
  component: lazyRouteComponent(() => import('../settlement/ReceiptPage.tsx'), 'ReceiptPage'),
})

const contracts = createRoute({
  ...at('/settlement/contracts'),
  component: lazyRouteComponent(() => import('../settlement/ContractsPage.tsx'), 'ContractsPage'),
})

const newContract = createRoute({
  ...at('/settlement/contracts/new'),
  validateSearch: readNewContractSearch,
  component: lazyRouteComponent(
    () => import('../settlement/NewContractPage.tsx'),
    'NewContractPage',
  ),
})

const calendars = createRoute({
  ...at('/settlement/calendars'),
  component: lazyRouteComponent(() => import('../settlement/CalendarsPage.tsx'), 'CalendarsPage'),
})

const custody = createRoute({
  ...at('/settlement/custody'),
  component: lazyRouteComponent(() => import('../settlement/CustodyPage.tsx'), 'CustodyPage'),
})

export const settlementRoutes = [
  standing,
  batches,
  batch,
  receipts,
  receipt,
  contracts,
  newContract,
  calendars,
  custody,
]
