import type { Model } from './model.ts'

/**
 * What a region begins with: estimated by EM, without labels, from invented people (tests/persons/calibration.test.ts,
 * which estimates them anew). In the order of LEVELS. A region may estimate its own from its own records.
 */
export const USUAL_MODEL: Model = {
  m: {
    name: [0.946, 0.017, 0.0055, 0.02, 0.0012, 0.0037, 0.005, 0.0016],
    id: [0.97, 0.027, 0.001, 0.002],
    birth: [0.975, 0.0035, 0.01, 0.0005, 0.0095, 0.0015],
    gender: [0.995, 0.005],
    phone: [0.735, 0.015, 0.25],
    address: [0.675, 0.17, 0.155],
  },
  u: {
    name: [8e-5, 4e-7, 7e-6, 2.5e-5, 1.3e-6, 1e-5, 0.039, 0.9608851],
    id: [1e-9, 3e-9, 6e-7, 0.999999396],
    birth: [4.2e-5, 1.2e-5, 3.7e-4, 5e-7, 0.0042, 0.9953755],
    gender: [0.5, 0.5],
    phone: [1.3e-5, 3e-7, 0.9999867],
    address: [2e-5, 0.01, 0.98998],
  },
}
