import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'

import { readApprovalsSearch } from '../refunds/approvals/search.ts'
import { readMovesSearch, readPaymentsSearch, readRefundsSearch } from '../search/params.ts'
import { menuOf } from '../shell/menu.ts'
import { isOfLender, may } from '../shell/staff.ts'
import { at } from './office.tsx'

const today = createRoute({
  ...at('/'),
  // Who reads no figures begins where there is something to read.
  beforeLoad({ context: { staff } }) {
    if (isOfLender(staff)) throw redirect({ to: '/bank' })
    if (!may(staff, 'readFinance')) throw redirect({ to: menuOf(staff)[0]?.to ?? '/payments' })
  },
  component: lazyRouteComponent(() => import('../today/TodayPage.tsx'), 'TodayPage'),
})

const payments = createRoute({
  ...at('/payments'),
  validateSearch: readPaymentsSearch,
  component: lazyRouteComponent(() => import('../payments/PaymentsPage.tsx'), 'PaymentsPage'),
})

const payment = createRoute({
  ...at('/payments/$paymentId'),
  component: lazyRouteComponent(() => import('../payment/PaymentPage.tsx'), 'PaymentPage'),
})

const refunds = createRoute({
  ...at('/refunds'),
  validateSearch: readRefundsSearch,
  component: lazyRouteComponent(() => import('../refunds/RefundsPage.tsx'), 'RefundsPage'),
})

const approvals = createRoute({
  ...at('/refunds/approvals'),
  validateSearch: readApprovalsSearch,
  component: lazyRouteComponent(
    () => import('../refunds/approvals/ApprovalsPage.tsx'),
    'ApprovalsPage',
  ),
})

const moves = createRoute({
  ...at('/moves'),
  validateSearch: readMovesSearch,
  component: lazyRouteComponent(() => import('../moves/MovesPage.tsx'), 'MovesPage'),
})

export const moneyRoutes = [today, payments, payment, refunds, approvals, moves]
