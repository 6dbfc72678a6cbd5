import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readNewTermsSearch, readVoucherSearch } from '../vouchers/search.ts'
import { at } from './office.tsx'

const vouchers = createRoute({
  ...at('/vouchers'),
  component: lazyRouteComponent(() => import('../vouchers/VouchersPage.tsx'), 'VouchersPage'),
})

const exports = createRoute({
  ...at('/vouchers/exports'),
  component: lazyRouteComponent(() => import('../vouchers/ExportsPage.tsx'), 'ExportsPage'),
})

const templates = createRoute({
  ...at('/vouchers/templates'),
  component: lazyRouteComponent(() => import('../vouchers/TemplatesPage.tsx'), 'TemplatesPage'),
})

const newTemplate = createRoute({
  ...at('/vouchers/templates/new'),
  validateSearch: readNewTermsSearch,
  component: lazyRouteComponent(() => import('../vouchers/NewTemplatePage.tsx'), 'NewTemplatePage'),
})

const layouts = createRoute({
  ...at('/vouchers/layouts'),
  component: lazyRouteComponent(() => import('../vouchers/LayoutsPage.tsx'), 'LayoutsPage'),
})

const newLayout = createRoute({
  ...at('/vouchers/layouts/new'),
  validateSearch: readNewTermsSearch,
  component: lazyRouteComponent(() => import('../vouchers/NewLayoutPage.tsx'), 'NewLayoutPage'),
})

const voucher = createRoute({
  ...at('/vouchers/$voucherId'),
  validateSearch: readVoucherSearch,
  component: lazyRouteComponent(() => import('../vouchers/VoucherPage.tsx'), 'VoucherPage'),
})

export const vouchersRoutes = [
  vouchers,
  exports,
  templates,
  newTemplate,
  layouts,
  newLayout,
  voucher,
]
