import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import {
  readApplicationSearch,
  readApplicationsSearch,
  readRequestsSearch,
} from '../partners/search.ts'
import { at } from './office.tsx'

const partners = createRoute({
  ...at('/partners'),
  validateSearch: readApplicationsSearch,
  component: lazyRouteComponent(
    () => import('../partners/ApplicationsPage.tsx'),
    'ApplicationsPage',
  ),
})

const partnerRequests = createRoute({
  ...at('/partners/requests'),
  validateSearch: readRequestsSearch,
  component: lazyRouteComponent(() => import('../partners/RequestsPage.tsx'), 'RequestsPage'),
})

const partner = createRoute({
  ...at('/partners/$applicationId'),
  validateSearch: readApplicationSearch,
  component: lazyRouteComponent(() => import('../partners/ApplicationPage.tsx'), 'ApplicationPage'),
})

export const partnersRoutes = [partners, partnerRequests, partner]
