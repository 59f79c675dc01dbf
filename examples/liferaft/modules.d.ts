/** These packages have no types. */
declare module 'liferaft' {
  const Raft: any
  export default Raft
}
declare module 'liferaft/log' {
  const Log: any
  export default Log
}
declare module 'memdown' {
  const MemDOWN: any
  export default MemDOWN
}
