// Preloaded into a process, it tells the most memory that the process took: MB, the last line on stderr.
process.on('exit', () => {
  process.stderr.write(`${(process.resourceUsage().maxRSS * 1024) / 1e6}\n`);
});
