/** Gives use cases what they stand on, once for all of them. */
export const giveTo =
  <Dependencies>(dependencies: Dependencies) =>
  <Args extends unknown[], Result>(
    useCase: (dependencies: Dependencies, ...args: Args) => Promise<Result>,
  ) =>
  (...args: Args): Promise<Result> =>
    useCase(dependencies, ...args)
