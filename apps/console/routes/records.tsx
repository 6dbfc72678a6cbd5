import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { at } from './office.tsx'

const records = createRoute({
  ...at('/records'),
  component: lazyRouteComponent(() => import('../records/RecordsPage.tsx'), 'RecordsPage'),
})

const reviews = createRoute({
  ...at('/record-reviews'),
  component: lazyRouteComponent(() => import('../records/ReviewsPage.tsx'), 'ReviewsPage'),
})

export const recordRoutes = [records, reviews]
