import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { at } from './office.tsx'

const onboarding = createRoute({
  ...at('/onboarding'),
  component: lazyRouteComponent(() => import('../onboarding/OnboardingPage.tsx'), 'OnboardingPage'),
})

export const onboardingRoutes = [onboarding]
