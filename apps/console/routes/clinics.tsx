import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { at } from './office.tsx'

const sessions = createRoute({
  ...at('/clinics'),
  component: lazyRouteComponent(() => import('../clinics/ClinicsPage.tsx'), 'ClinicsPage'),
})

const stops = createRoute({
  ...at('/clinics/stops'),
  component: lazyRouteComponent(() => import('../clinics/StopsPage.tsx'), 'StopsPage'),
})

const stop = createRoute({
  ...at('/clinics/stops/$stopId'),
  component: lazyRouteComponent(() => import('../clinics/StopPage.tsx'), 'StopPage'),
})

export const clinicRoutes = [sessions, stops, stop]
