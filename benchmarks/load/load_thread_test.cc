#include "benchmarks/load/load_thread.h"

#include <gtest/gtest.h>

namespace mimus::load {
namespace {

TEST(OpenStreams, AreMostWhileAsManyAsEverAreOpen) {
  OpenStreams streams;
  EXPECT_FALSE(streams.are_most()) << "none is open yet";
  streams.opened();
  EXPECT_TRUE(streams.are_most());
  streams.opened();
  EXPECT_TRUE(streams.are_most());
  streams.ended();
  EXPECT_FALSE(streams.are_most()) << "there were two";
  streams.opened();
  EXPECT_TRUE(streams.are_most()) << "again";
  EXPECT_EQ(streams.most(), 2);
}

}  // namespace
}  // namespace mimus::load
