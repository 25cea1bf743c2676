/**
 * How long a test may take, in milliseconds: as long as is said on the run's own server, and twice as long on one that it was
 * given, such as a cluster, where each statement goes further.
 */
export const patience = (usual: number): number => (process.env.ATTESTRY_TEST_DATABASE ? 2 * usual : usual)
